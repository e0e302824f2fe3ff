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
        realm.Configure(info.Budget);
        gate.Bind(realm);
    }

    /// <summary>How the budgets of some realms stand; a realm that was not opened yet has none.</summary>
    public IReadOnlyList<BudgetView> Of(IEnumerable<string> realms) =>
        [.. realms.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Where(_realms.ContainsKey).Select(r => _realms[r].View(r))];

    /// <summary>Calls let through since the start, by realm.</summary>
    public IReadOnlyDictionary<string, long> CallsByRealm() => _realms.ToDictionary(r => r.Key, r => r.Value.Calls);
}
