namespace WorkflowEngine.Abstractions;

/// <summary>What is known once a connection was opened.</summary>
/// <param name="Realm">(connector, org id or tenant id) as one text: <c>salesforce:00D…</c>. Links, budgets and cursors hang on it.</param>
/// <param name="Budget">The realm's limits.</param>
public sealed record ConnectionInfo(string Realm, RealmBudget Budget);

/// <summary>The limits of a realm.</summary>
public sealed record RealmBudget
{
    /// <summary>Calls per second; null = no such limit.</summary>
    public double? PerSecond { get; init; }

    /// <summary>Calls in 24 hours; null = no such limit.</summary>
    public long? PerDay { get; init; }

    /// <summary>The share of <see cref="PerDay"/> the engine never touches, from 0 to below 1: it is left to people and other programs.</summary>
    public double Reserve { get; init; }
}
