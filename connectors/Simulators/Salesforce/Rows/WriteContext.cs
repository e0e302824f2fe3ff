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
}
