namespace WorkflowEngine.Storage.Tests;

public sealed class SqliteRunTests : RunContract
{
    protected override Task<StoreFixture> MakeFixtureAsync() => SqliteFixture.MakeAsync();
}
