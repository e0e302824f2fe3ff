namespace WorkflowEngine.Storage.Tests;

public sealed class PostgreSqlRunTests : RunContract
{
    protected override Task<StoreFixture> MakeFixtureAsync() => PostgreSqlFixture.MakeAsync();
}
