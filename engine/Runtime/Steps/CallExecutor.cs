using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary><c>call</c>: a connector's named operation. One that may not be repeated and has no <c>once</c> fails when its answer is lost.</summary>
internal sealed class CallExecutor
{
    private readonly StepServices _services;
    private readonly OnceCall _once;

    public CallExecutor(StepServices services) => (_services, _once) = (services, new OnceCall(services));

    public async ValueTask<StepResult> ExecuteAsync(Run run, CallInstruction call)
    {
        if (call.Once is not null) return await _once.ExecuteAsync(run, call).ConfigureAwait(false);
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
            (_, var given, var failed) = await ValuesAsync(_services, run, call).ConfigureAwait(false);
            if (failed is { } why) return why;
            with = given;
            state.Intent = new PendingIntent
            {
                Kind = IntentKind.Call, Connection = call.Connection, Entity = call.Operation.Name, Fields = with, At = _services.Now, Repeatable = call.Operation.Repeatable,
            };
        }

        _services.Boundary.Reached(EffectMoment.BeforeCommit, state.RunId, call.Step.Name);
        var connection = run.Connection(call.Connection);
        var answer = await _services.Batcher.CallAsync(
            Ask(run, call, with, resumed || run.Deployment.Flow.Restartable ? null : new ChangeSet([new SaveCheckpoint(run.Event.Key, run.Event.Id, RunStateCodec.Encode(state))])), default).ConfigureAwait(false);
        _services.Boundary.Reached(EffectMoment.AfterAnswer, state.RunId, call.Step.Name);
        if (answer.Outcome.Error is { } error)
        {
            var lost = error.Kind == ErrorKind.UnknownOutcome && !error.NotExecuted;
            if (!lost || !call.Operation.Repeatable) state.Intent = null;
            if (lost && !call.Operation.Repeatable) return StepResult.Failed(error with { Kind = ErrorKind.Rejected, Code = "unknownOutcome" });
            return StepResult.Failed(error, answer.Charged);
        }

        run.Used.Add(connection.Name);
        Wrote(run, call, with, _services.Now);
        if (call.Step.Output >= 0) state.Slots[call.Step.Output] = answer.Outcome.Value;
        state.EnterStep(state.Counter + 1);
        return StepResult.Done;
    }

    /// <summary>The step's values, and those that the operation is given; or why they cannot be used.</summary>
    public static async ValueTask<(object?[] Values, IReadOnlyDictionary<string, object?> With, StepResult? Failed)> ValuesAsync(StepServices services, Run run, CallInstruction call)
    {
        object?[] values = [];
        if (call.Values is { } mapping)
        {
            var evaluated = await services.Evaluator.EvaluateAsync(mapping, run.State.Slots, default).ConfigureAwait(false);
            if (evaluated.Fault is { } fault) return ([], Nothing, StepResult.Of(fault, mapping));
            values = evaluated.Values;
        }

        var fields = new Dictionary<string, object?>();
        if (FieldLines.Collect(call.With, values, PlanEmpty.Keep, true, fields) is { } problem) return ([], Nothing, StepResult.Failed(problem));
        foreach (var line in call.With)
        {
            if (line.Field.RequiredOnCreate && !fields.ContainsKey(line.Path)) return ([], Nothing, StepResult.Failed(new OperationError(ErrorKind.Rejected, "value", $"{line.Path} is empty ({line.Place})") { Fields = [line.Path] }));
        }

        return (values, fields, null);
    }

    public static CallAsk Ask(Run run, CallInstruction call, IReadOnlyDictionary<string, object?> with, ChangeSet? before) => new()
    {
        Connection = run.Connection(call.Connection), Operation = call.Operation.Name, With = with, Repeatable = call.Operation.Repeatable, Priority = run.State.Priority, Step = call.Step.Name,
        Timeout = call.Step.Timeout, Before = before,
    };

    /// <summary>Notes that the operation was done.</summary>
    public static void Wrote(Run run, CallInstruction call, IReadOnlyDictionary<string, object?> with, DateTimeOffset now)
    {
        run.State.Effects.Add(new EffectRow
        {
            Workspace = run.Deployment.Ref.Workspace, Realm = run.Connection(call.Connection).Realm, Entity = call.Operation.Name, RecordId = "", RunId = run.State.RunId, Step = call.Step.Name,
            Verb = "called", Fields = [.. with.Keys], At = now,
        });
        Notes.Called(run, call);
    }

    private static readonly Dictionary<string, object?> Nothing = [];
}
