namespace WorkflowEngine.Simulators.Salesforce.Rows;

/// <summary>What became of one row of a write.</summary>
internal sealed record RowResult(string? Id, bool Created, IReadOnlyList<RowError> Errors)
{
    /// <summary>The records an external id meant, when there were several.</summary>
    public IReadOnlyList<OrgRecord> Several { get; init; } = [];

    public bool Success => Errors.Count == 0 && Several.Count == 0;

    public static RowResult Failed(params RowError[] errors) => new(null, false, errors);
}
