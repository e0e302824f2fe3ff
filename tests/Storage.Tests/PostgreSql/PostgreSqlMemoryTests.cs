namespace WorkflowEngine.Storage.Tests;

public sealed class PostgreSqlMemoryTests : MemoryContract
{
    protected override Task<StoreFixture> MakeFixtureAsync() => PostgreSqlFixture.MakeAsync();
}
