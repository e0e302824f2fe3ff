namespace WorkflowEngine.Storage.Tests;

public sealed class PostgreSqlDeadLetterTests : DeadLetterContract
{
    protected override Task<StoreFixture> MakeFixtureAsync() => PostgreSqlFixture.MakeAsync();
}
