namespace WorkflowEngine.Storage.Tests;

public sealed class PostgreSqlBackfillTests : BackfillContract
{
    protected override Task<StoreFixture> MakeFixtureAsync() => PostgreSqlFixture.MakeAsync();
}
