namespace WorkflowEngine.Storage.Tests;

public sealed class SqliteLinkTests : LinkContract
{
    protected override Task<StoreFixture> MakeFixtureAsync() => SqliteFixture.MakeAsync();
}
