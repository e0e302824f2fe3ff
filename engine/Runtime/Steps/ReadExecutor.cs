using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary><c>lookup</c> and <c>query</c>.</summary>
internal sealed class ReadExecutor(StepServices services)
{
    private static readonly TimeSpan LongestLater = TimeSpan.FromHours(24);
    private static readonly TimeSpan MostPause = TimeSpan.FromHours(1);

    private readonly LinkedRecords _linked = new(services);

    public async ValueTask<StepResult> ExecuteAsync(Run run, ReadInstruction read)
    {
        var state = run.State;
        object?[] values = [];
        if (read.Values is { } mapping)
        {
            var evaluated = await services.Evaluator.EvaluateAsync(mapping, state.Slots, default).ConfigureAwait(false);
            if (evaluated.Fault is { } fault) return StepResult.Of(fault, mapping);
            values = evaluated.Values;
        }

        var condition = Conditions.Build(read.Where, values, out var problem);
        if (problem is not null) return StepResult.Failed(ErrorKind.Rejected, "value", problem);
        var rows = new ReadRows([]);
        if (condition is not null)
        {
            var ask = new ReadAsk
            {
                Connection = run.Connection(read.Connection), Entity = read.Entity.Name, Fields = read.Fields, Condition = condition, OrderBy = read.OrderBy,
                RowCap = read.One ? (read.FirstOfSeveral ? 1 : 2) : read.Limit ?? services.Options.QueryBound,
                IncludeInactive = read.IncludeInactive, Priority = state.Priority, Step = read.Step.Name, Timeout = read.Step.Timeout,
            };
            var answer = await services.Batcher.ReadAsync(ask, default).ConfigureAwait(false);
            if (answer.Outcome.Error is { } error) return StepResult.Failed(error, answer.Charged);
            run.Used.Add(ask.Connection.Name);
            rows = answer.Outcome.Value!;
            // What runs created just now need not be shown yet. Who waits for a record anyway need not ask.
            if (rows.Rows.Count == 0 && read.One && read.OrElse != PlanOrElse.Later)
            {
                var fails = read.OrElse == PlanOrElse.Fail;
                var (linked, ended) = await _linked.FindAsync(run, read.Entity, read.Where, ask, fails, mayBeNone: !fails).ConfigureAwait(false);
                if (ended is { } instead) return instead;
                rows = new ReadRows(linked);
            }
        }

        if (!read.One)
        {
            if (rows.More && read.Limit is null)
            {
                return StepResult.Failed(ErrorKind.Rejected, "tooMany", $"More than {services.Options.QueryBound} records of {read.Entity.Name} fit; give a limit or a narrower where.");
            }

            Set(state, read.Step, rows.Rows);
            Notes.Read(run, read.Step, read.Entity, condition, rows.Rows);
            state.EnterStep(state.Counter + 1);
            return StepResult.Done;
        }

        if (rows.Rows.Count > 1 && !read.FirstOfSeveral)
        {
            return StepResult.Failed(ErrorKind.Rejected, "several", $"Several records of {read.Entity.Name} fit.");
        }

        if (rows.Rows.Count == 0)
        {
            switch (read.OrElse)
            {
                case PlanOrElse.Fail:
                    return StepResult.Failed(ErrorKind.Rejected, "notFound", $"No record of {read.Entity.Name} fits.");
                case PlanOrElse.Stop:
                    return StepResult.Stopped($"No record of {read.Entity.Name} fits ({read.Step.Name})");
                case PlanOrElse.Later:
                    return Later(run, run.Connection(read.Connection).Settle, $"no record of {read.Entity.Name} fits yet");
            }
        }

        Set(state, read.Step, rows.Rows.Count == 0 ? null : rows.Rows[0]);
        Notes.Read(run, read.Step, read.Entity, condition, rows.Rows);
        state.EnterStep(state.Counter + 1);
        return StepResult.Done;
    }

    /// <summary>
    /// Waits for what another flow or person will make: after settle, then with growing pauses, at most a day. What was read may name what never comes (a parent that was merged away), so a run
    /// that has done nothing yet begins anew.
    /// </summary>
    public StepResult Later(Run run, TimeSpan settle, string why)
    {
        var now = services.Now;
        var state = run.State;
        state.LaterSince ??= now;
        state.LaterStep = state.Counter;
        if (now - state.LaterSince >= LongestLater) return StepResult.Failed(ErrorKind.Rejected, "notFound", $"After 24 hours {why}.");
        var times = state.LaterTimes++;
        var pause = TimeSpan.FromTicks((long)Math.Min(MostPause.Ticks, settle.Ticks * Math.Pow(2, Math.Min(times, 20))));
        return StepResult.Park(now + pause, why) with { Anew = MayBeginAnew(run) };
    }

    /// <summary>Nothing it did would be done twice. What a person edited for a replay, or a replay goes on from, is not read again, and inside a loop or an error case it goes on where it is.</summary>
    private static bool MayBeginAnew(Run run) =>
        run.State is { Acted: false, Intent: null, Review: null, Effects.Count: 0, Loops.Count: 0, Handlers.Count: 0 } && (run.Event.Kind != EventKind.Replay || !run.Event.Full);

    private static void Set(RunState state, PlanStep step, object? value)
    {
        if (step.Output >= 0) state.Slots[step.Output] = value;
    }
}
