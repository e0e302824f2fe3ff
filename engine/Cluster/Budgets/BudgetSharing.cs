using WorkflowEngine.Runtime;

namespace WorkflowEngine.Cluster;

/// <summary>
/// The parts of one realm's budget. Half of it is shared evenly, the other half by what each node asks for. A part that was given is taken back only when it is over, so that all together never are
/// more than the whole; who knows nothing of what was given, at the start and after a failover, gives half.
/// </summary>
public sealed class BudgetSharing(TimeProvider time)
{
    /// <summary>How long a part is good.</summary>
    public static readonly TimeSpan Good = TimeSpan.FromSeconds(3);

    /// <summary>How long half is given after a start.</summary>
    public static readonly TimeSpan Careful = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    private readonly Dictionary<string, Entry> _nodes = new(StringComparer.Ordinal);
    private readonly long _since = time.GetTimestamp();

    /// <summary>The part that a node begins with, and falls back to when it is told none: half of an even one.</summary>
    public static double First(int nodes) => 0.5 / Math.Max(1, nodes);

    /// <summary>A node tells what it did and wants, and is told its part.</summary>
    /// <param name="node">The node.</param>
    /// <param name="nodes">Nodes that live.</param>
    /// <param name="asked">Calls it wanted since it was here last.</param>
    /// <param name="day">Its calls of 24 hours.</param>
    public BudgetShare Share(string node, IReadOnlyCollection<string> nodes, long asked, DayUse day)
    {
        var living = nodes.Append(node).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _nodes.Where(n => !living.Contains(n.Key) && time.GetElapsedTime(n.Value.Said) > Day).Select(n => n.Key).ToList()) _nodes.Remove(gone);
        if (!_nodes.TryGetValue(node, out var own)) _nodes[node] = own = new Entry();
        own.Asked = (own.Asked + asked) / 2;
        own.Day = day;
        own.Said = time.GetTimestamp();

        var whole = time.GetElapsedTime(_since) < Careful ? 0.5 : 1;
        var all = living.Sum(n => _nodes.GetValueOrDefault(n)?.Asked ?? 0);
        var fair = (0.5 / living.Count) + (0.5 * (all > 0 ? own.Asked / all : 1.0 / living.Count));
        var given = _nodes.Where(n => n.Key != node && time.GetElapsedTime(n.Value.Given) < Good).Sum(n => n.Value.Part);

        // Who has not been here yet calls with the part that everybody begins with.
        given += living.Count(n => n != node && !(_nodes.GetValueOrDefault(n) is { Part: > 0 } known && time.GetElapsedTime(known.Given) < Good)) * First(living.Count);
        own.Part = Math.Max(0, Math.Min(fair * whole, 1 - given));
        own.Given = time.GetTimestamp();
        var others = _nodes.Where(n => n.Key != node).Aggregate(default(DayUse), (sum, n) => sum + n.Value.Day);
        return new BudgetShare(own.Part, others.Live, others.Retry, others.Backfill);
    }

    private sealed class Entry
    {
        public double Asked { get; set; }

        public DayUse Day { get; set; }

        public long Said { get; set; }

        public double Part { get; set; }

        public long Given { get; set; }
    }
}
