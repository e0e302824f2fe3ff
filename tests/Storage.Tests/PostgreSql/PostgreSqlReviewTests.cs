namespace WorkflowEngine.Storage.Tests;

public sealed class PostgreSqlReviewTests : ReviewContract
{
    protected override Task<StoreFixture> MakeFixtureAsync() => PostgreSqlFixture.MakeAsync();
}
