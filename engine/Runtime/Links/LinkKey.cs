namespace WorkflowEngine.Runtime;

/// <summary>Names a record by a rule's value. Unique: two runs cannot both create for it.</summary>
/// <param name="Workspace">The workspace.</param>
/// <param name="Realm">The realm of the record.</param>
/// <param name="Entity">Its entity.</param>
/// <param name="Kind">The rule's field list.</param>
/// <param name="KeyHash">A hash of the normalised values.</param>
public readonly record struct LinkKey(string Workspace, string Realm, string Entity, string Kind, string KeyHash)
{
    /// <summary>It is the key of something that is made once.</summary>
    public bool IsOnce => Kind.StartsWith(LinkHash.OncePrefix, StringComparison.Ordinal);
}
