using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary><c>wait</c>: until when is decided once and kept in the run's state; a run that is woken early waits on.</summary>
internal sealed class WaitExecutor(StepServices services)
{
    public async ValueTask<StepResult> ExecuteAsync(Run run, WaitInstruction wait)
    {
        var state = run.State;
        if (wait.Kind == PlanWait.Review) return await ReviewAsync(run, wait).ConfigureAwait(false);
        var now = services.Now;
        if (state.WaitsUntil is null)
        {
            var (until, failed) = await UntilAsync(run, wait, now).ConfigureAwait(false);
            if (failed is { } why) return why;
            state.WaitsUntil = until;
        }

        if (state.WaitsUntil > now) return StepResult.Park(state.WaitsUntil.Value, $"waits ({wait.Step.Name})") with { ReleaseKey = wait.ReleaseKey };
        if (wait.Step.Output >= 0) state.Slots[wait.Step.Output] = null;
        Notes.Took(run, wait.Step, "waited");
        state.Acted = true;
        state.EnterStep(state.Counter + 1);
        return StepResult.Done;
    }

    private async ValueTask<StepResult> ReviewAsync(Run run, WaitInstruction wait)
    {
        var state = run.State;
        var evaluated = await services.Evaluator.EvaluateAsync(wait.Value!, state.Slots, default).ConfigureAwait(false);
        if (evaluated.Fault is { } fault) return StepResult.Of(fault, wait.Value!);
        var message = evaluated.Values[0] is { } text ? FieldValues.AsText(text) ?? "" : "";
        var (decided, waits) = await services.Reviews.AskAsync(
            run,
            id => new NewReview
            {
                Id = id, Deployment = run.Deployment.Ref, Kind = ReviewKind.Approval, EventId = run.Event.Id, Key = run.Event.Key.Key, RunId = state.RunId, Step = wait.Step.Name,
                Place = wait.Step.Place.ToString(), Message = message, OpenedAt = services.Now,
            },
            wait.ReleaseKey).ConfigureAwait(false);
        if (waits is { } parked) return parked;
        if (wait.Step.Output >= 0) state.Slots[wait.Step.Output] = new Dictionary<string, object?>(2) { ["approved"] = decided!.Decision == ReviewDecision.Approve, ["comment"] = decided.Comment };
        Notes.Took(run, wait.Step, $"{decided!.DecidedBy}: {decided.Decision}");
        state.Acted = true;
        state.EnterStep(state.Counter + 1);
        return StepResult.Done;
    }

    private async ValueTask<(DateTimeOffset Until, StepResult? Failed)> UntilAsync(Run run, WaitInstruction wait, DateTimeOffset now)
    {
        if (wait.For is { } length) return (now + length, null);
        var mapping = wait.Value!;
        var evaluated = await services.Evaluator.EvaluateAsync(mapping, run.State.Slots, default).ConfigureAwait(false);
        if (evaluated.Fault is { } fault) return (default, StepResult.Of(fault, mapping));
        if (evaluated.Values[0] is not DateTimeOffset at) return (default, StepResult.Failed(ErrorKind.Rejected, "value", $"There is no time to wait for ({wait.Step.Place})."));
        return (wait.Kind == PlanWait.Until ? at : now + (at - run.State.StartedAt), null);
    }
}
