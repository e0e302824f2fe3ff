using WorkflowEngine.Simulators.Faults;
using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.Salesforce.Rows;

/// <summary>What all rows of one call share.</summary>
internal sealed class WriteContext(SimulatorRequest request, TimeSpan invisibleFor)
{
    public SimulatorRequest Request => request;

    public TimeSpan InvisibleFor => invisibleFor;

    /// <summary>Records this call has made: their ids are not named in its own errors.</summary>
    public HashSet<string> MadeHere { get; } = new(StringComparer.Ordinal);

    public FaultRule? RowFault(Func<string, string?> field) => request.Faults.Row(field);

    /// <summary>People see an alert and save all the same.</summary>
    public bool AllowsDuplicates => ByPeople
        || (request.Header("Sforce-Duplicate-Rule-Header") ?? "").Replace(" ", "", StringComparison.Ordinal).Contains("allowSave=true", StringComparison.OrdinalIgnoreCase);

    /// <summary>TRUE when nothing is said; FALSE; or the id of a rule.</summary>
    public string AutoAssign => request.Header("Sforce-Auto-Assign") is { Length: > 0 } said ? said : ByPeople ? "FALSE" : "TRUE";

    private bool ByPeople => request.Path.StartsWith("/_people", StringComparison.Ordinal);
}
