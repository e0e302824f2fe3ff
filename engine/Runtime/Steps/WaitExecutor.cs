using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary><c>wait</c>: until when is decided once and kept in the run's state; a run that is woken early waits on.</summary>
internal sealed class WaitExecutor(StepServices services)
{
    public async ValueTask<StepResult> ExecuteAsync(Run run, WaitInstruction wait)
    {
        var state = run.State;
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
