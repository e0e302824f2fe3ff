namespace WorkflowEngine.Storage.Tests;

public sealed class PostgreSqlWriterTests : WriterContract
{
    protected override Task<StoreFixture> MakeFixtureAsync() => PostgreSqlFixture.MakeAsync();
}
