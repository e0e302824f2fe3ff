namespace WorkflowEngine.Storage.Tests;

public sealed class PostgreSqlWorkspaceTests : WorkspaceContract
{
    protected override Task<StoreFixture> MakeFixtureAsync() => PostgreSqlFixture.MakeAsync();
}
