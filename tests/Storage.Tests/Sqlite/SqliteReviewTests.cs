namespace WorkflowEngine.Storage.Tests;

public sealed class SqliteReviewTests : ReviewContract
{
    protected override Task<StoreFixture> MakeFixtureAsync() => SqliteFixture.MakeAsync();
}
