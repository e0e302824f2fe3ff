using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Steps;

/// <summary>The ids of steps, those inside cases, loops and error handlers as well.</summary>
internal static class StepIds
{
    public static IEnumerable<Located<string>> Of(IEnumerable<StepDefinition> steps) => All(steps).Select(s => s.Id).OfType<Located<string>>();

    public static IEnumerable<StepDefinition> All(IEnumerable<StepDefinition> steps)
    {
        foreach (var step in steps)
        {
            yield return step;
            foreach (var inner in All(Inside(step))) yield return inner;
        }
    }

    private static IEnumerable<StepDefinition> Inside(StepDefinition step)
    {
        var inner = step switch
        {
            BranchStep branch => branch.Cases.SelectMany(c => c.Do).Concat(branch.Otherwise?.Do ?? []),
            ForEachStep loop => loop.Do,
            _ => [],
        };
        return inner.Concat(step.OnError.SelectMany(e => e.Do));
    }
}
