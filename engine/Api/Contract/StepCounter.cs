namespace WorkflowEngine.Api;

/// <summary>Counts what steps did over runs. A step in a loop tells several times; its run counts once.</summary>
internal sealed class StepCounter
{
    private readonly Dictionary<string, StepCountView> _steps = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<long>> _times = new(StringComparer.Ordinal);

    public IReadOnlyList<StepCountView> All =>
    [
        .. _steps.Values.Select(s => s with { P50 = Middle(_times.GetValueOrDefault(s.Step)) })
            .OrderBy(s => s.Path, StringComparer.Ordinal).ThenBy(s => s.Line ?? int.MaxValue).ThenBy(s => s.Step, StringComparer.Ordinal),
    ];

    /// <summary>One run; newer ones first.</summary>
    public void Add(IReadOnlyList<RunStepView> steps)
    {
        foreach (var told in steps.GroupBy(s => s.Step, StringComparer.Ordinal))
        {
            var before = _steps.GetValueOrDefault(told.Key) ?? new StepCountView(told.Key, told.First().Path, told.First().Line, 0, 0, 0, null);
            _steps[told.Key] = before with
            {
                Runs = before.Runs + 1, Failed = before.Failed + (told.Any(s => s.Failed is not null) ? 1 : 0), Wrote = before.Wrote + told.Count(s => s.Did is "created" or "updated" or "deleted" or "merged" or "called"),
            };
        }

        // A step took as long as since the step before it told something.
        var took = new Dictionary<string, long>(StringComparer.Ordinal);
        var since = 0L;
        foreach (var step in steps)
        {
            if (step.After is not { } after) return;
            took[step.Step] = took.GetValueOrDefault(step.Step) + Math.Max(0, after - since);
            since = after;
        }

        foreach (var (step, time) in took)
        {
            if (!_times.TryGetValue(step, out var times)) _times[step] = times = [];
            times.Add(time);
        }
    }

    private static long? Middle(List<long>? times)
    {
        if (times is null) return null;
        times.Sort();
        return times[times.Count / 2];
    }
}
