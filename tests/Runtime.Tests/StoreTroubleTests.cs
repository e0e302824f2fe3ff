using System.Data.Common;

namespace WorkflowEngine.Runtime.Tests;

/// <summary>A database that fails while a run reads it.</summary>
public sealed class StoreTroubleTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task A_run_whose_reading_of_the_database_fails_begins_again_and_nobody_is_to_blame(int times)
    {
        await using var harness = Shapes.Harness();
        var links = new FailingLinks(times);
        harness.Reads = stores => stores with { Links = links.Around(stores.Links) };
        var deployment = harness.Deploy(Shapes.Customers());
        await harness.StartAsync();
        var ada = harness.Person("Ada", "ada@example.com");
        await harness.ChangedAsync(deployment, ada);
        await harness.DrainAsync(TimeSpan.FromHours(1));

        Assert.Equal(0, links.Left);
        Assert.Empty(harness.Stores.AllLetters);
        Assert.Single(harness.Target.All("Account"));
        Assert.Equal("ada@example.com", Assert.Single(harness.Target.All("Contact"))["Email"]);
        var run = Assert.Single(harness.Stores.AllRuns);
        Assert.Equal((RunOutcome.Succeeded, 1), (run.Outcome, run.Attempts));
    }

    private sealed class FailingLinks(int times)
    {
        private int _left = times;

        public int Left => Math.Max(0, Volatile.Read(ref _left));

        public ILinkStore Around(ILinkStore inner) => new Store(this, inner);

        private sealed class Store(FailingLinks failing, ILinkStore inner) : ILinkStore
        {
            public Task<IReadOnlyList<LinkRow>> FindAsync(IReadOnlyList<LinkKey> keys, DateTimeOffset now, CancellationToken cancellationToken) =>
                Interlocked.Decrement(ref failing._left) >= 0 ? throw new InvalidOperationException("An exception was raised.", new Gone()) : inner.FindAsync(keys, now, cancellationToken);

            public Task<IReadOnlyList<LinkRow>> OfRecordAsync(string workspace, string realm, string entity, string recordId, CancellationToken cancellationToken) =>
                inner.OfRecordAsync(workspace, realm, entity, recordId, cancellationToken);
        }

        /// <summary>As the driver of a database says it, wrapped by who reads by it.</summary>
        private sealed class Gone() : DbException("The connection was terminated by the administrator.");
    }
}
