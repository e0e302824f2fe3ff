using Npgsql;
using WorkflowEngine.Runtime;
using WorkflowEngine.Storage.PostgreSql;

namespace WorkflowEngine.Storage.Tests;

public sealed class PostgreSqlDatabaseTests : DatabaseContract
{
    [Fact]
    public async Task A_database_that_does_not_exist_is_refused_without_telling_the_password()
    {
        var connection = new NpgsqlConnectionStringBuilder(((PostgreSqlFixture)Fixture).ConnectionString) { Database = "absent", Password = "s3cret-word" };
        var problem = await Assert.ThrowsAsync<StorageProblemException>(() => OpenAsync(connection.ToString()));
        Assert.Contains("does not exist", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret-word", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_and_a_text_that_is_no_connection_string_are_refused()
    {
        var unreachable = await Assert.ThrowsAsync<StorageProblemException>(() => OpenAsync("Host=127.0.0.1;Port=1;Database=x;Password=s3cret-word"));
        Assert.Equal(StorageProblemKind.Unreachable, unreachable.Kind);
        var malformed = await Assert.ThrowsAsync<StorageProblemException>(() => OpenAsync("Hots=x;Password=s3cret-word"));
        Assert.DoesNotContain("s3cret-word", malformed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_nodes_one_gets_the_claim_and_the_delivery()
    {
        await using var second = await ((PostgreSqlFixture)Fixture).OpenAsync(StoreFixture.MasterKey);
        var conflicts = 0;
        for (var round = 0; round < 20; round++)
        {
            var key = new LinkKey("default", "org", "Contact", "Email", $"mail-{round}");
            var delivery = Delivery($"d-{round}");
            var results = await Task.WhenAll(new[] { Stores, second }.Select((stores, node) => Task.Run(() => stores.Writer.CommitAsync(
                [Set(new ClaimLinks($"run-{node}", [key], Noon, Noon.AddHours(1))), Set(new AppendEvents([delivery]))], None))));
            conflicts += results.Sum(result => result[0].Conflicts.Count);
            Assert.Single(results, result => result[1].EventIds[0] is not null);
        }

        Assert.Equal(20, conflicts);
    }

    [Fact]
    public async Task An_append_and_a_settlement_of_one_key_on_two_nodes_leave_it_ready()
    {
        await using var second = await ((PostgreSqlFixture)Fixture).OpenAsync(StoreFixture.MasterKey);
        var last = (await AcceptAsync(Event("a")))[0];
        for (var round = 0; round < 40; round++)
        {
            var settled = last;
            var append = Task.Run(() => second.Writer.CommitAsync([Set(new AppendEvents([Event("a")]))], None));
            var settle = Task.Run(() => Stores.Writer.CommitAsync([Set(new SettleEvent(Key("a"), settled, []))], None));
            last = (await append)[0].EventIds[0]!.Value;
            await settle;
            Assert.Equal([last], await ReadyIdsAsync());
        }
    }

    [Fact]
    public async Task Nodes_that_start_together_migrate_once()
    {
        var fresh = await PostgreSqlFixture.MakeEmptyAsync();
        await using (fresh)
        {
            var nodes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => fresh.OpenAsync(StoreFixture.MasterKey))));
            foreach (var node in nodes) await node.DisposeAsync();
        }
    }

    protected override Task<StoreFixture> MakeFixtureAsync() => PostgreSqlFixture.MakeAsync();

    private static Task<EngineStores> OpenAsync(string connection) =>
        PostgreSqlStorage.OpenAsync(new StorageOptions { ConnectionString = connection, MasterKey = StoreFixture.MasterKey });
}
