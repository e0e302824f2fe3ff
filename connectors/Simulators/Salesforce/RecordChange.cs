namespace WorkflowEngine.Simulators.Salesforce;

internal enum ChangeKind
{
    Create,
    Update,
    Delete,
    Undelete,
}

/// <summary>One step of a call on one record: what was set, and what stood there before.</summary>
internal sealed record RecordChange(OrgRecord Record, ChangeKind Kind, IReadOnlyDictionary<string, object?> After, IReadOnlyDictionary<string, object?> Before);
