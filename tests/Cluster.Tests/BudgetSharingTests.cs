using Microsoft.Extensions.Time.Testing;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Cluster.Tests;

/// <summary>Parts of one realm's budget.</summary>
public sealed class BudgetSharingTests
{
    private static readonly string[] Two = ["a", "b"];

    private readonly FakeTimeProvider _time = new();
    private readonly BudgetSharing _sharing;

    public BudgetSharingTests() => _sharing = new BudgetSharing(_time);

    [Fact]
    public void A_node_alone_gets_half_at_first_and_then_all()
    {
        Assert.Equal(0.5, Ask("a", ["a"]).Part, 3);
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(1, Ask("a", ["a"]).Part, 3);
    }

    [Fact]
    public void After_a_failover_half_the_rate_is_given_for_five_seconds()
    {
        Assert.True(Ask("a", Two).Part + Ask("b", Two).Part <= 0.5);
        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.True(Ask("a", Two).Part + Ask("b", Two).Part <= 0.5);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        for (var round = 0; round < 5; round++) Rest();
        Assert.Equal(1, Ask("a", Two).Part + Ask("b", Two).Part, 3);
    }

    [Fact]
    public void Who_asks_for_more_gets_more_and_who_asks_for_nothing_keeps_a_quarter()
    {
        _time.Advance(TimeSpan.FromSeconds(6));
        for (var round = 0; round < 10; round++) Rest(asked: 100);
        Assert.Equal(0.75, Ask("a", Two, 100).Part, 2);
        Assert.Equal(0.25, Ask("b", Two).Part, 2);
    }

    [Fact]
    public void Whatever_nodes_ask_for_come_and_go_their_parts_are_never_more_than_the_whole()
    {
        var random = new Random(20261126);
        var parts = new Dictionary<string, (double Part, DateTimeOffset At)>();
        for (var step = 0; step < 5_000; step++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(random.Next(0, 700)));
            string[] living = [.. new[] { "a", "b", "c", "d" }.Take(1 + random.Next(4))];
            var node = living[random.Next(living.Length)];
            parts[node] = (Ask(node, living, random.Next(0, 500)).Part, _time.GetUtcNow());
            Assert.True(parts.Values.Where(p => _time.GetUtcNow() - p.At < BudgetSharing.Good).Sum(p => p.Part) <= 1.000001, $"step {step}");
        }
    }

    /// <summary>Nodes as they are: each with its own gate, told its part twice a second, wanting more than there is; one dies, and who gives the parts begins anew.</summary>
    [Fact]
    public async Task All_nodes_together_call_in_no_second_more_often_than_the_realm_allows_and_half_as_often_for_five_seconds_after_a_failover()
    {
        const int Rate = 40;
        string[] all = ["a", "b", "c"];
        var gates = all.ToDictionary(n => n, _ => new RealmGate(_time));
        foreach (var gate in gates.Values)
        {
            gate.Configure(new RealmBudget { PerSecond = Rate });
            gate.Share(BudgetSharing.First(all.Length), default);
        }

        var (began, calls, dead) = (_time.GetUtcNow(), new List<TimeSpan>(), (string?)null);
        var waiting = all.ToDictionary(n => n, _ => (Task<OperationError?>?)null);
        var sharing = new BudgetSharing(_time);
        TimeSpan failover = TimeSpan.FromSeconds(15), end = TimeSpan.FromSeconds(30);
        for (var passed = TimeSpan.Zero; passed < end; passed = _time.GetUtcNow() - began)
        {
            if (passed >= failover && dead is null) (dead, sharing) = ("b", new BudgetSharing(_time));
            string[] living = [.. all.Where(n => n != dead)];
            if (passed.TotalMilliseconds % 500 == 0)
            {
                foreach (var node in living)
                {
                    var share = sharing.Share(node, living, gates[node].Use("realm").Asked, default);
                    gates[node].Share(share.Part, default);
                }
            }

            foreach (var node in living)
            {
                while (waiting[node] is not { IsCompleted: false })
                {
                    if (waiting[node] is { } entered && await entered is null) calls.Add(passed);
                    waiting[node] = gates[node].EnterAsync(CallPriority.Live, CancellationToken.None).AsTask();
                }
            }

            _time.Advance(TimeSpan.FromMilliseconds(5));
        }

        // Of each node one may come at once, and one at the turn that its part of before gave it.
        var slack = 2 * all.Length;
        Assert.All(calls, from => Assert.InRange(InSecond(from), 0, Rate + slack));
        Assert.InRange(Between(TimeSpan.Zero, BudgetSharing.Careful), 0, (Rate / 2 * 5) + slack);
        Assert.InRange(Between(failover + TimeSpan.FromSeconds(1), failover + BudgetSharing.Careful), 0, (Rate / 2 * 4) + slack);
        // What is allowed is used, before and after.
        Assert.InRange(Between(TimeSpan.FromSeconds(10), failover), Rate * 5 * 0.9, (Rate * 5) + slack);
        Assert.InRange(Between(TimeSpan.FromSeconds(25), end), Rate * 5 * 0.9, (Rate * 5) + slack);

        int InSecond(TimeSpan from) => Between(from, from + TimeSpan.FromSeconds(1));
        int Between(TimeSpan from, TimeSpan to) => calls.Count(c => c >= from && c < to);
    }

    [Fact]
    public void The_part_of_who_is_gone_is_given_again_when_it_is_over()
    {
        _time.Advance(TimeSpan.FromSeconds(6));
        for (var round = 0; round < 10; round++) Rest();
        Assert.True(Ask("a", ["a"]).Part <= 0.51);
        _time.Advance(BudgetSharing.Good);
        Assert.Equal(1, Ask("a", ["a"]).Part, 3);
    }

    [Fact]
    public void Each_is_told_what_the_others_called_in_24_hours()
    {
        _sharing.Share("a", Two, 0, new DayUse(10, 2, 30));
        var told = _sharing.Share("b", Two, 0, new DayUse(1, 1, 1));
        Assert.Equal((10, 2, 30), (told.Live, told.Retry, told.Backfill));
    }

    private BudgetShare Ask(string node, string[] living, long asked = 0) => _sharing.Share(node, living, asked, default);

    private void Rest(long asked = 0)
    {
        Ask("a", Two, asked);
        Ask("b", Two);
        _time.Advance(TimeSpan.FromMilliseconds(500));
    }
}
