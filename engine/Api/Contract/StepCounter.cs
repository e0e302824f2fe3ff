namespace WorkflowEngine.Api;

/// <summary>Counts what steps did over runs. A step in a loop tells several times; its run counts once.</summary>
internal sealed class StepCounter
{
    private readonly Dictionary<string, StepCountView> _steps = new(StringComparer.Ordinal);

    public IReadOnlyList<StepCountView> All => [.. _steps.Values.OrderBy(s => s.Path, StringComparer.Ordinal).ThenBy(s => s.Line ?? int.MaxValue).ThenBy(s => s.Step, StringComparer.Ordinal)];

    /// <summary>One run; newer ones first.</summary>
    public void Add(IReadOnlyList<RunStepView> steps)
    {
        foreach (var told in steps.GroupBy(s => s.Step, StringComparer.Ordinal))
        {
            var before = _steps.GetValueOrDefault(told.Key) ?? new StepCountView(told.Key, told.First().Path, told.First().Line, 0, 0, 0);
            _steps[told.Key] = before with
            {
                Runs = before.Runs + 1, Failed = before.Failed + (told.Any(s => s.Failed is not null) ? 1 : 0), Wrote = before.Wrote + told.Count(s => s.Did is "created" or "updated" or "deleted" or "merged" or "called"),
            };
        }
    }
}
