namespace WorkflowEngine.Storage.Tests;

public sealed class PostgreSqlInboxTests : InboxContract
{
    protected override Task<StoreFixture> MakeFixtureAsync() => PostgreSqlFixture.MakeAsync();
}
