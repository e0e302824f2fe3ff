namespace WorkflowEngine.Salesforce.Streams;

/// <summary>One change event, decoded as far as a hint needs it: which records changed, how, and which of their fields.</summary>
/// <param name="Entity">The object.</param>
/// <param name="RecordIds">The records; usually one.</param>
/// <param name="ChangeType"><c>CREATE</c>, <c>UPDATE</c>, <c>DELETE</c>, <c>UNDELETE</c>, or one of the <c>GAP_</c> kinds.</param>
/// <param name="Origin">The API and client that made the change.</param>
/// <param name="CommittedAt">When it was committed, by the vendor's clock.</param>
/// <param name="ChangedFields">Names of the changed fields of an update, parts of compounds as <c>BillingAddress.City</c>; empty otherwise.</param>
internal sealed record ChangeEvent(string Entity, IReadOnlyList<string> RecordIds, string ChangeType, string Origin, DateTimeOffset CommittedAt, IReadOnlyList<string> ChangedFields)
{
    /// <summary>Changes were missed whose records are not named: a look back has to find them.</summary>
    public bool NeedsLookBack => ChangeType == "GAP_OVERFLOW" || RecordIds.Any(id => id.Contains('*', StringComparison.Ordinal));

    /// <summary>The record is gone.</summary>
    public bool IsDelete => ChangeType is "DELETE" or "GAP_DELETE";

    /// <summary>An update that moved only stamps: nothing to read.</summary>
    public bool ChangesNothing => ChangeType == "UPDATE" && ChangedFields.Count > 0 && ChangedFields.All(f => f is "LastModifiedDate" or "LastModifiedById" or "SystemModstamp");
}
