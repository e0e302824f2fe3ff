using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Checks;

/// <summary>An id names one step. Only sibling cases of a branch, of which one runs at most, may use the same.</summary>
internal static class StepIdCheck
{
    public static void Check(FlowDefinition flow, DiagnosticBag problems) => Check(flow.Steps, new Dictionary<string, SourceSpan>(StringComparer.Ordinal), problems);

    private static void Check(IEnumerable<StepDefinition> steps, Dictionary<string, SourceSpan> taken, DiagnosticBag problems)
    {
        foreach (var step in steps)
        {
            if (step.Id is { } id && !taken.TryAdd(id.Value, id.Span))
            {
                problems.Add(FlowDiagnostics.DuplicateStep(id.Span, id.Value, taken[id.Value].Start.Line));
            }

            switch (step)
            {
                case BranchStep branch:
                    var before = new Dictionary<string, SourceSpan>(taken, StringComparer.Ordinal);
                    foreach (var steps2 in branch.Cases.Select(c => c.Do).Append(branch.Otherwise?.Do ?? []))
                    {
                        var inside = new Dictionary<string, SourceSpan>(before, StringComparer.Ordinal);
                        Check(steps2, inside, problems);
                        foreach (var (name, span) in inside) taken.TryAdd(name, span);
                    }

                    break;
                case ForEachStep loop:
                    Check(loop.Do, taken, problems);
                    break;
            }

            foreach (var item in step.OnError) Check(item.Do, taken, problems);
        }
    }
}
