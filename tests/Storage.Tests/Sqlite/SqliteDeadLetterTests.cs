namespace WorkflowEngine.Storage.Tests;

public sealed class SqliteDeadLetterTests : DeadLetterContract
{
    protected override Task<StoreFixture> MakeFixtureAsync() => SqliteFixture.MakeAsync();
}
