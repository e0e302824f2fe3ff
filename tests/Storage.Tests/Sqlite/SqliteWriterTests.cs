namespace WorkflowEngine.Storage.Tests;

public sealed class SqliteWriterTests : WriterContract
{
    protected override Task<StoreFixture> MakeFixtureAsync() => SqliteFixture.MakeAsync();
}
