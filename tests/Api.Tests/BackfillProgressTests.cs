using System.Globalization;
using System.Text.Json;
using WorkflowEngine.Runtime;
using WorkflowEngine.Simulators.Faults;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Api.Tests;

/// <summary>How far a backfill of everything is, while it reads.</summary>
public sealed class BackfillProgressTests
{
    private const int Customers = 600;
    private const int Page = 500;

    [Fact]
    public async Task Of_all_records_the_vendor_says_how_many_there_are_and_so_when_it_is_likely_to_be_done()
    {
        var stored = new Watched();
        await using var world = await ApiWorld.StartAsync(
            BackfillTests.Files,
            prepare: made =>
            {
                for (var i = 0; i < Customers; i++) made.ServiceTitan.AddCustomer(new CustomerSeed { Id = 20_000 + i, Name = string.Create(CultureInfo.InvariantCulture, $"Customer {i}"), Active = i % 10 != 0 });
            },
            host: host => host with { Writer = stored.Around });
        var fault = 0;
        // Behind the first page the vendor does not answer for a while.
        stored.Before = backfill =>
        {
            if (backfill.Read == Page && fault == 0) fault = world.ServiceTitan.Faults.Add(new FaultRule { Kind = FaultKind.Unavailable, Path = "*/export/customers" });
        };
        await world.PostAsync("/api/deployments/customers/backfills", new { });
        var reading = (await world.UntilAsync("/api/deployments/customers/backfills", data => data[0].GetProperty("read").GetInt32() == Page && data[0].GetProperty("waiting").GetInt32() == 0))[0];
        // Those that the vendor hides as inactive count too: its feed brings them.
        Assert.Equal(("reading", "feed", Customers), (reading.GetProperty("state").GetString(), reading.GetProperty("by").GetString(), reading.GetProperty("total").GetInt32()));
        var (began, eta) = (reading.GetProperty("startedAt").GetDateTimeOffset(), reading.GetProperty("eta").GetDateTimeOffset());
        // Five sixths are done: a fifth of the time it took until now is still to come.
        var now = began + ((eta - began) * Page / Customers);
        Assert.True(began < now && now < eta && now <= world.Host.Time.GetUtcNow(), $"{began:O} {now:O} {eta:O}");
        world.ServiceTitan.Faults.Remove(fault);
        var done = (await world.UntilAsync("/api/deployments/customers/backfills", data => data[0].GetProperty("state").GetString() == "done"))[0];
        Assert.Equal((Customers, JsonValueKind.Null), (done.GetProperty("read").GetInt32(), done.GetProperty("eta").ValueKind));
    }

    /// <summary>Sees where a backfill stands before that is stored.</summary>
    private sealed class Watched
    {
        public Action<Backfill>? Before { get; set; }

        public IStoreWriter Around(IStoreWriter inner) => new Writer(this, inner);

        private sealed class Writer(Watched watched, IStoreWriter inner) : IStoreWriter
        {
            public Task<IReadOnlyList<ChangeSetResult>> CommitAsync(IReadOnlyList<ChangeSet> sets, CancellationToken cancellationToken)
            {
                foreach (var save in sets.SelectMany(s => s.Changes).OfType<SaveBackfill>()) watched.Before?.Invoke(save.Backfill);
                return inner.CommitAsync(sets, cancellationToken);
            }

            public void Prepare(ChangeSet set) => inner.Prepare(set);
        }
    }
}
