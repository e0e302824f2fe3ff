namespace WorkflowEngine.Storage.Tests;

public sealed class SqliteInboxTests : InboxContract
{
    protected override Task<StoreFixture> MakeFixtureAsync() => SqliteFixture.MakeAsync();
}
