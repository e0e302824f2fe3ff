using System.Text.Json;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.Api;

/// <summary>Why a field holds what we wrote.</summary>
/// <param name="At">When it was written.</param>
/// <param name="Field">The field.</param>
/// <param name="Value">What was written; null when retention has dropped it, hidden when the field is sensitive.</param>
/// <param name="Verb">created, updated, …</param>
/// <param name="Run">The run that wrote it, with its event's key and record.</param>
/// <param name="Step">The step.</param>
/// <param name="FlowId">The flow.</param>
/// <param name="File">The flow file of the version that ran.</param>
/// <param name="Line">The line that gave the value.</param>
/// <param name="Source">That line as its author wrote it.</param>
/// <param name="Inputs">What the run had read before.</param>
public sealed record WhyView(
    DateTimeOffset At, string Field, JsonElement? Value, string Verb, RunView Run, string Step, string? FlowId, string? File, int? Line, string? Source, IReadOnlyList<ExplainedRead> Inputs)
{
    internal static WhyView Of(Explanation e, DeploymentNames names) =>
        new(e.At, e.Field, e.Value, e.Verb, RunView.Of(e.Run, names), e.Step, e.FlowId, e.File, e.Line, e.Source, e.Inputs);
}
