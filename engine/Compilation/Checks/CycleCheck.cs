using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Compilation.Steps;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Checks;

/// <summary>Flows do not call or start each other in a circle without a pause.</summary>
internal static class CycleCheck
{
    public static void Check(FlowSession session)
    {
        var flows = session.Context.Siblings.Append(session.Flow).GroupBy(f => f.Flow.Value, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last(), StringComparer.Ordinal);
        foreach (var (target, span) in Calls(session.Flow))
        {
            var path = Path(target, session.Flow.Flow.Value, flows, []);
            if (path is not null) session.Problems.Add(FlowDiagnostics.Cycle(span, [session.Flow.Flow.Value, .. path]));
        }
    }

    private static IReadOnlyList<string>? Path(string from, string to, Dictionary<string, FlowDefinition> flows, HashSet<string> seen)
    {
        if (from == to) return [to];
        if (!seen.Add(from) || !flows.TryGetValue(from, out var flow)) return null;
        foreach (var (next, _) in Calls(flow))
        {
            if (Path(next, to, flows, seen) is { } rest) return [from, .. rest];
        }

        return null;
    }

    private static IEnumerable<(string Target, SourceSpan Span)> Calls(FlowDefinition flow)
    {
        foreach (var step in StepIds.All(flow.Steps))
        {
            if (step is FlowStep call) yield return (call.Flow.Value, call.Flow.Span);
            if (step is StartStep { At: null } start) yield return (start.Flow.Value, start.Flow.Span);
        }
    }
}
