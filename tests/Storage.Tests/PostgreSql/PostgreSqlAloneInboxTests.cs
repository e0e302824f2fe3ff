namespace WorkflowEngine.Storage.Tests;

public sealed class PostgreSqlAloneInboxTests : InboxContract
{
    protected override Task<StoreFixture> MakeFixtureAsync() => PostgreSqlFixture.MakeAsync(shared: false);
}
