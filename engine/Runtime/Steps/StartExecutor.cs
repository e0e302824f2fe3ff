using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>
/// <c>start</c>: hands over to another flow. The new event is stored together with the state behind the step, so that it is started once however often the process dies.
/// </summary>
internal sealed class StartExecutor(StepServices services)
{
    public async ValueTask<StepResult> ExecuteAsync(Run run, StartInstruction start)
    {
        var state = run.State;
        var evaluated = await services.Evaluator.EvaluateAsync(start.Values, state.Slots, default).ConfigureAwait(false);
        if (evaluated.Fault is { } fault) return StepResult.Of(fault, start.Values);
        var values = evaluated.Values;
        if (values[start.Key] is not { } given || FieldValues.AsText(given) is not { Length: > 0 } key)
        {
            return StepResult.Failed(ErrorKind.Rejected, "noKey", $"The key under which {start.Flow} is started is empty.");
        }

        if (services.Registry.FindSibling(run.Deployment, start.Flow) is not { } target)
        {
            return StepResult.Failed(ErrorKind.Misconfigured, "flow", $"The flow {start.Flow} is not deployed beside {run.Deployment.Name}.");
        }

        var now = services.Now;
        var started = new NewEvent
        {
            Deployment = target.Ref, Trigger = PlanTrigger.StartId, Kind = EventKind.Manual, Key = key, Lane = Lane.Of(target.Ref.Workspace, target.Ref.Id, key),
            Payload = Payload.Encode(start.With < 0 ? new Dictionary<string, object?>() : values[start.With]), Full = true, Priority = state.Priority, ReceivedAt = now,
        };
        var due = start.At < 0 ? null : values[start.At] as DateTimeOffset?;
        StoreChange change = start.At < 0 ? new AppendEvents([started])
            : due is { } at ? new PlanEvent(started, PlanTrigger.StartId, at)
            : new CancelPlanned(new EventKey(target.Ref, key), PlanTrigger.StartId);
        services.Boundary.Reached(EffectMoment.BeforeCommit, state.RunId, start.Step.Name);
        Notes.Took(run, start.Step, $"{(start.At >= 0 && due is null ? "took back" : "started")} {start.Flow}/{key}");
        var here = state.Counter;
        state.Acted = true;
        state.EnterStep(here + 1);
        try
        {
            await services.Commit.CommitAsync(
                CommitQueue.Settlement, new ChangeSet([change, new SaveCheckpoint(run.Event.Key, run.Event.Id, RunStateCodec.Encode(state))])).ConfigureAwait(false);
        }
        catch (CommitFailedException e)
        {
            state.EnterStep(here);
            return StepResult.Failed(new OperationError(ErrorKind.Transient, "store", e.Message) { NotExecuted = true }, charged: false);
        }

        if (start.At < 0) services.Signal.Raise(target.Ref, 1);
        else if (due is { } later) services.Planned?.Invoke(later);
        services.Boundary.Reached(EffectMoment.AfterAnswer, state.RunId, start.Step.Name);
        return StepResult.Done;
    }
}
