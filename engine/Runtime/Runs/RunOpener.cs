using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>Makes a run of a claimed event: a new one, one that goes on from its checkpoint with the version it began with, or a replay from a step.</summary>
internal sealed class RunOpener(DeploymentRegistry registry, TimeProvider time)
{
    public async ValueTask<Run> OpenAsync(ActiveDeployment active, ReadyEvent claimed, IReadOnlyList<ReadyEvent> superseded, EventWork work, KeyState? remembered)
    {
        var deployment = active;
        RunState? state = null;
        var (resumed, fromStep) = (false, false);
        if (work.Checkpoint is { } checkpoint)
        {
            state = RunStateCodec.Decode(checkpoint);
            resumed = state.Slots[Slots.Run] is not null;
            if (state.EventId != claimed.Id)
            {
                // A replay from a step is the same state as a run of its own; a run that let its key go comes back as itself.
                fromStep = state.EventId != 0;
                if (fromStep) state.RunId = NewRunId();
                state.EventId = claimed.Id;
            }

            if (state.FlowHash != active.Flow.Hash)
            {
                if (state.Effects.Count == 0 && state.Intent is null) (state, resumed) = (null, false);
                else deployment = await registry.FindVersionAsync(active.Ref, state.FlowHash, default).ConfigureAwait(false) ?? active;
            }
        }

        state ??= NewState(active, claimed);
        // What failed before and is tried again must not take the calls of what comes for the first time.
        state.Priority = claimed.Priority == CallPriority.Live && state.StepAttempts + state.StepWaits + state.LaterTimes > 0 ? CallPriority.Retry : claimed.Priority;
        var run = new Run
        {
            State = state, Deployment = deployment, Event = claimed, Payload = work.Payload, Trigger = deployment.Trigger(claimed.Trigger), Remembered = remembered,
            Superseded = superseded, Resumed = resumed, FromStep = fromStep && resumed, Time = time,
        };
        if (resumed)
        {
            run.Record = state.Slots[Slots.Trigger];
            TriggerGate.Bind(run);
            TriggerGate.RememberVersion(run);
        }

        return run;
    }

    public RunState NewState(ActiveDeployment deployment, ReadyEvent claimed) => new()
    {
        RunId = NewRunId(), EventId = claimed.Id, FlowHash = deployment.Flow.Hash, Trigger = claimed.Trigger, Slots = new object?[Math.Max(deployment.Flow.SlotCount, Slots.First)],
        AcceptedAt = claimed.ReceivedAt, StartedAt = time.GetUtcNow(), Priority = claimed.Priority,
    };

    private string NewRunId() => Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
}
