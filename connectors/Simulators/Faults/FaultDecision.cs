namespace WorkflowEngine.Simulators.Faults;

/// <summary>What the switchboard decided for one call.</summary>
internal sealed class FaultDecision(
    FaultSwitchboard? board, IReadOnlyList<FaultRule> calls, IReadOnlyList<FaultSwitchboard.ArmedRule> rows)
{
    public static FaultDecision None { get; } = new(null, [], []);

    public FaultRule? Find(FaultKind kind)
    {
        foreach (var rule in calls)
        {
            if (rule.Kind == kind)
            {
                return rule;
            }
        }

        return null;
    }

    /// <summary>The first rule that answers in place of the vendor, in the order the rules were given.</summary>
    public FaultRule? Instead => calls.FirstOrDefault(r => r.Answers);

    /// <summary>The rule that strikes one row of a write, found by the values of the row.</summary>
    public FaultRule? Row(Func<string, string?> field) => rows.Count == 0 ? null : board!.DecideRow(rows, field);
}
