namespace WorkflowEngine.Storage.Tests;

public sealed class PostgreSqlLinkTests : LinkContract
{
    protected override Task<StoreFixture> MakeFixtureAsync() => PostgreSqlFixture.MakeAsync();
}
