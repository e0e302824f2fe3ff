using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary><c>call</c>: a connector's named operation. One that may not be repeated fails when its answer is lost.</summary>
internal sealed class CallExecutor(StepServices services)
{
    public async ValueTask<StepResult> ExecuteAsync(Run run, CallInstruction call)
    {
        var state = run.State;
        IReadOnlyDictionary<string, object?> with;
        var resumed = state.Intent is not null;
        if (state.Intent is { } pending)
        {
            if (!call.Operation.Repeatable)
            {
                state.Intent = null;
                return StepResult.Failed(ErrorKind.Rejected, "unknownOutcome", $"Nobody knows whether {call.Operation.Name} was done, and it may not be repeated.");
            }

            with = pending.Fields;
        }
        else
        {
            object?[] values = [];
            if (call.Values is { } mapping)
            {
                var evaluated = await services.Evaluator.EvaluateAsync(mapping, state.Slots, default).ConfigureAwait(false);
                if (evaluated.Fault is { } fault) return StepResult.Of(fault, mapping);
                values = evaluated.Values;
            }

            var fields = new Dictionary<string, (PlanFieldLine Line, object? Value)>();
            if (FieldLines.Collect(call.With, values, PlanEmpty.Keep, true, fields) is { } problem) return StepResult.Failed(problem);
            foreach (var line in call.With)
            {
                if (line.Field.RequiredOnCreate && !fields.ContainsKey(line.Path)) return StepResult.Failed(new OperationError(ErrorKind.Rejected, "value", $"{line.Path} is empty ({line.Place})") { Fields = [line.Path] });
            }

            with = FieldLines.Values(fields);
            state.Intent = new PendingIntent
            {
                Kind = IntentKind.Call, Connection = call.Connection, Entity = call.Operation.Name, Fields = with, At = services.Now, Repeatable = call.Operation.Repeatable,
            };
        }

        services.Boundary.Reached(EffectMoment.BeforeCommit, state.RunId, call.Step.Name);
        var connection = run.Connection(call.Connection);
        var answer = await services.Batcher.CallAsync(
            new CallAsk
            {
                Connection = connection, Operation = call.Operation.Name, With = with, Repeatable = call.Operation.Repeatable, Priority = state.Priority, Step = call.Step.Name, Timeout = call.Step.Timeout,
                Before = resumed || run.Deployment.Flow.Restartable ? null : new ChangeSet([new SaveCheckpoint(run.Event.Key, run.Event.Id, RunStateCodec.Encode(state))]),
            },
            default).ConfigureAwait(false);
        services.Boundary.Reached(EffectMoment.AfterAnswer, state.RunId, call.Step.Name);
        if (answer.Outcome.Error is { } error)
        {
            var lost = error.Kind == ErrorKind.UnknownOutcome && !error.NotExecuted;
            if (!lost || !call.Operation.Repeatable) state.Intent = null;
            if (lost && !call.Operation.Repeatable) return StepResult.Failed(error with { Kind = ErrorKind.Rejected, Code = "unknownOutcome" });
            return StepResult.Failed(error, answer.Charged);
        }

        run.Used.Add(connection.Name);
        state.Effects.Add(new EffectRow
        {
            Workspace = run.Deployment.Ref.Workspace, Realm = connection.Realm, Entity = call.Operation.Name, RecordId = "", RunId = state.RunId, Step = call.Step.Name,
            Verb = "called", Fields = [.. with.Keys], At = services.Now,
        });
        Notes.Called(run, call);
        if (call.Step.Output >= 0) state.Slots[call.Step.Output] = answer.Outcome.Value;
        state.EnterStep(state.Counter + 1);
        return StepResult.Done;
    }
}
