namespace WorkflowEngine.Storage.Tests;

public sealed class SqliteWorkspaceTests : WorkspaceContract
{
    protected override Task<StoreFixture> MakeFixtureAsync() => SqliteFixture.MakeAsync();
}
