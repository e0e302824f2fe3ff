using System.Collections.Concurrent;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>All budgets of this node: one per realm, shared by its connections.</summary>
public sealed class RealmBudgets(TimeProvider time, IOwnership? ownership = null)
{
    private readonly ConcurrentDictionary<string, RealmGate> _realms = new();
    private readonly ConcurrentBag<RealmGate> _unbound = [];

    /// <summary>Calls let through since the start, over all realms.</summary>
    public long Calls => _realms.Values.Sum(r => r.Calls) + _unbound.Sum(r => r.Calls);

    /// <summary>A door for a connection whose realm is not known yet.</summary>
    public ConnectionGate NewGate()
    {
        var own = new RealmGate(time, ownership);
        _unbound.Add(own);
        return new ConnectionGate(own);
    }

    /// <summary>Joins a connection to its realm's budget.</summary>
    public void Bind(ConnectionGate gate, ConnectionInfo info)
    {
        var realm = _realms.GetOrAdd(info.Realm, _ => new RealmGate(time, ownership));
        if (FirstShare is { } first && realm.Calls == 0) realm.Share(first, default);
        realm.Configure(info.Budget);
        gate.Bind(realm);
    }

    /// <summary>Of several nodes: the part of a realm's budget that this one begins with, until it is told its part; null = there is one process.</summary>
    public double? FirstShare { get; set; } = ownership is null ? null : 0.25;

    /// <summary>What this node does with each realm's budget.</summary>
    public IReadOnlyList<RealmUse> Uses() => [.. _realms.Select(r => r.Value.Use(r.Key))];

    /// <summary>This node's part of a realm's budget, and what the others called in 24 hours.</summary>
    public void Share(string realm, double share, DayUse others)
    {
        if (_realms.TryGetValue(realm, out var gate)) gate.Share(share, others);
    }

    /// <summary>How the budgets of some realms stand; a realm that was not opened yet has none.</summary>
    public IReadOnlyList<BudgetView> Of(IEnumerable<string> realms) =>
        [.. realms.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Where(_realms.ContainsKey).Select(r => _realms[r].View(r))];

    /// <summary>Calls let through since the start, by realm.</summary>
    public IReadOnlyDictionary<string, long> CallsByRealm() => _realms.ToDictionary(r => r.Key, r => r.Value.Calls);
}
