using System.Runtime.CompilerServices;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>The fields an effect wrote, as a list. Runs of one step mostly write the same ones: they share a list, and whoever stores it makes its text once.</summary>
internal static class WrittenFields
{
    private static readonly ConditionalWeakTable<PlanStep, IReadOnlyList<string>> Newest = [];

    public static IReadOnlyList<string> Of(PlanStep step, IReadOnlyDictionary<string, object?> fields)
    {
        if (Newest.TryGetValue(step, out var newest) && IsOf(newest, fields)) return newest;
        string[] made = [.. fields.Keys];
        Newest.AddOrUpdate(step, made);
        return made;
    }

    private static bool IsOf(IReadOnlyList<string> list, IReadOnlyDictionary<string, object?> fields)
    {
        if (list.Count != fields.Count) return false;
        var i = 0;
        foreach (var path in fields.Keys)
        {
            if (list[i++] != path) return false;
        }

        return true;
    }
}
