namespace WorkflowEngine.Storage.Tests;

public sealed class SqliteBackfillTests : BackfillContract
{
    protected override Task<StoreFixture> MakeFixtureAsync() => SqliteFixture.MakeAsync();
}
