namespace WorkflowEngine.Runtime;

/// <summary>What a node does with a realm's budget.</summary>
/// <param name="Realm">The realm.</param>
/// <param name="Day">Its calls of 24 hours.</param>
/// <param name="Asked">Calls it wanted to make since it was asked last, whether there was room or not.</param>
public sealed record RealmUse(string Realm, DayUse Day, long Asked);

/// <summary>Calls of 24 hours by who asked.</summary>
public readonly record struct DayUse(long Live, long Retry, long Backfill)
{
    public long All => Live + Retry + Backfill;

    public static DayUse operator +(DayUse a, DayUse b) => new(a.Live + b.Live, a.Retry + b.Retry, a.Backfill + b.Backfill);
}
