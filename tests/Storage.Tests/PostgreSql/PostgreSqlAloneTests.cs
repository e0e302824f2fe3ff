using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage.Tests;

/// <summary>One process that has the database to itself: it locks no rows, and takes ids ahead.</summary>
public sealed class PostgreSqlAloneTests : WriterContract
{
    [Fact]
    public async Task Ids_that_were_taken_ahead_come_in_order_and_never_twice()
    {
        var ids = new List<long>();
        for (var i = 0; i < 30; i++)
        {
            // Few and many, so that what is left over suffices and does not.
            ids.AddRange(await AcceptAsync([.. Enumerable.Range(0, i % 7 == 0 ? 20 : 1 + (i % 3)).Select(n => Event($"{i}.{n}"))]));
            if (i % 10 == 9) await Fixture.RestartAsync();
            if (i % 10 == 4) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Stores.Writer.CommitAsync([Set(new AppendEvents([Event("gone")]))], new CancellationToken(true)));
        }

        Assert.Equal(ids.Order(), ids);
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.Equal(ids.Count, await Fixture.CountAsync("event"));
    }

    protected override Task<StoreFixture> MakeFixtureAsync() => PostgreSqlFixture.MakeAsync(shared: false);
}
