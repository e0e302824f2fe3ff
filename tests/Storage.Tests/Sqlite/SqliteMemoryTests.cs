namespace WorkflowEngine.Storage.Tests;

public sealed class SqliteMemoryTests : MemoryContract
{
    protected override Task<StoreFixture> MakeFixtureAsync() => SqliteFixture.MakeAsync();
}
