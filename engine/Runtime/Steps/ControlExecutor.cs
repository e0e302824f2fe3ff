using System.Security.Cryptography;
using System.Text;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>Instructions that reach no connector, and what follows a failed step.</summary>
internal sealed class ControlExecutor(StepServices services, IncidentBook incidents)
{
    public async ValueTask<StepResult> ExecuteAsync(Run run, Instruction instruction)
    {
        var state = run.State;
        switch (instruction)
        {
            case JumpInstruction jump:
                state.EnterStep(jump.Target);
                return StepResult.Done;
            case ConstantInstruction constant:
                if (constant.Step.Output >= 0) state.Slots[constant.Step.Output] = constant.Value;
                if (constant.Value is string taken) Notes.Took(run, constant.Step, taken);
                state.EnterStep(state.Counter + 1);
                return StepResult.Done;
            case ForEachEndInstruction end:
                return await EndItemAsync(run, end.Begin, collect: true).ConfigureAwait(false);
            case EndHandlerInstruction:
                return EndHandler(run);
            case FlowBeginInstruction begin:
                return await BeginFlowAsync(run, begin).ConfigureAwait(false);
            case FlowEndInstruction end:
                return await EndFlowAsync(run, end).ConfigureAwait(false);
        }

        var mapping = instruction switch
        {
            JumpUnlessInstruction jump => jump.Condition,
            MapInstruction map => map.Values,
            ForEachInstruction each => each.List,
            EndInstruction end => end.Message,
            WarnInstruction warn => warn.Message,
            _ => throw new InvalidOperationException($"{instruction.GetType().Name} is no instruction of this engine."),
        };
        if (instruction is WarnInstruction { If: { } condition } conditional)
        {
            var holds = await services.Evaluator.EvaluateAsync(condition, state.Slots, default).ConfigureAwait(false);
            if (holds.Fault is { } broken) return StepResult.Of(broken, condition);
            if (holds.Values[0] is not true)
            {
                var named = conditional.HasKey ? await services.Evaluator.EvaluateAsync(conditional.Message, state.Slots, default).ConfigureAwait(false) : default;
                incidents.Recover(run.Deployment.Ref.Workspace, run.Deployment.Ref.Id, WarnKey(run, conditional, named.Fault is null ? named.Values : null));
                state.EnterStep(state.Counter + 1);
                return StepResult.Done;
            }
        }

        var evaluated = await services.Evaluator.EvaluateAsync(mapping, state.Slots, default).ConfigureAwait(false);
        if (evaluated.Fault is { } fault) return StepResult.Of(fault, mapping);
        var values = evaluated.Values;
        switch (instruction)
        {
            case JumpUnlessInstruction jump:
                if (values[0] is true)
                {
                    state.EnterStep(state.Counter + 1);
                    return StepResult.Done;
                }

                foreach (var slot in jump.Clears) state.Slots[slot] = null;
                state.EnterStep(jump.Target);
                return StepResult.Done;
            case MapInstruction map:
                if (map.Step.Output >= 0) state.Slots[map.Step.Output] = Named(mapping, values);
                state.EnterStep(state.Counter + 1);
                return StepResult.Done;
            case ForEachInstruction each:
                return Begin(run, each, values[0]);
            case WarnInstruction warn:
                incidents.Raise(run.Deployment.Ref.Workspace, run.Deployment.Ref.Id, WarnKey(run, warn, values), Message(mapping, values));
                Notes.Took(run, warn.Step, "warned");
                state.EnterStep(state.Counter + 1);
                return StepResult.Done;
            default:
                var end = (EndInstruction)instruction;
                return end.Kind switch
                {
                    PlanEnd.Stop => StepResult.Stopped(Message(mapping, values)),
                    PlanEnd.Fail => StepResult.Failed(ErrorKind.Rejected, "fail", Message(mapping, values)),
                    _ => await EndItemAsync(run, state.Loops[^1].Begin, collect: false).ConfigureAwait(false),
                };
        }
    }

    /// <summary>What follows a step that failed for good. Null: the run goes on.</summary>
    public RunEnd? Handle(Run run, Instruction instruction, OperationError error)
    {
        var state = run.State;
        var step = instruction.Step;
        SyncExecutor.Leave(run);
        if (state.AgainCase >= 0)
        {
            // The repetition failed too: the case decides.
            return Then(run, step, step.OnError.Count > state.AgainCase ? step.OnError[state.AgainCase].Then : PlanThen.Fail, state.Counter, error);
        }

        for (var i = 0; i < step.OnError.Count; i++)
        {
            var fits = step.OnError[i];
            if (!Fits(fits, error)) continue;
            var at = state.Counter;
            state.Intent = null;
            state.Slots[Slots.Error] = new Dictionary<string, object?>(4)
            {
                ["kind"] = KindWord(error.Kind), ["code"] = error.Code, ["message"] = error.Message, ["fields"] = new List<object?>(error.Fields),
            };
            if (fits.Do >= 0)
            {
                state.Handlers.Add(new HandlerFrame { Step = at, Case = i, Error = error, Loops = state.Loops.Count });
                state.EnterStep(fits.Do);
                return null;
            }

            if (fits.Again is not null)
            {
                state.EnterStep(at);
                state.AgainCase = i;
                return null;
            }

            return Then(run, step, fits.Then, at, error);
        }

        return Propagate(run, step, error);
    }

    private StepResult EndHandler(Run run)
    {
        var state = run.State;
        var frame = state.Handlers[^1];
        state.Handlers.RemoveAt(state.Handlers.Count - 1);
        var step = run.Deployment.Flow.Instructions[frame.Step].Step;
        var taken = step.OnError[frame.Case];
        if (taken.Again is not null)
        {
            state.EnterStep(frame.Step);
            state.AgainCase = frame.Case;
            return StepResult.Done;
        }

        switch (taken.Then)
        {
            case PlanThen.Stop:
                return StepResult.Stopped(frame.Error.Message);
            case PlanThen.Continue:
                Continue(run, step, frame.Step);
                return StepResult.Done;
            default:
                state.EnterStep(frame.Step);
                if (Propagate(run, step, frame.Error) is null) return StepResult.Done;
                return StepResult.Failed(frame.Error with { Kind = frame.Error.Kind is ErrorKind.Conflict or ErrorKind.Bug ? frame.Error.Kind : ErrorKind.Rejected });
        }
    }

    private RunEnd? Then(Run run, PlanStep step, PlanThen then, int at, OperationError error)
    {
        switch (then)
        {
            case PlanThen.Stop:
                return RunEnd.Ended(RunOutcome.Stopped, error.Message);
            case PlanThen.Continue:
                Continue(run, step, at);
                return null;
            default:
                return Propagate(run, step, error);
        }
    }

    private static void Continue(Run run, PlanStep step, int at)
    {
        if (step.Output >= 0) run.State.Slots[step.Output] = null;
        run.State.EnterStep(1 + run.Deployment.Flow.Instructions[at] switch { FlowBeginInstruction call => call.End, ForEachInstruction each => each.End, _ => at });
    }

    /// <summary>The failure goes outwards: the innermost loop that goes on with its next item, or called flow whose step says what follows, takes it, else the run has failed.</summary>
    private RunEnd? Propagate(Run run, PlanStep step, OperationError error)
    {
        var state = run.State;
        for (var i = state.Loops.Count - 1; i >= 0; i--)
        {
            var frame = state.Loops[i];
            var holds = run.Deployment.Flow.Instructions[frame.Begin];
            if (holds is FlowBeginInstruction { Step.OnError.Count: > 0 } call)
            {
                // An error that leaves a called flow is an error of the step that called it.
                state.Loops.RemoveRange(i, state.Loops.Count - i);
                state.Handlers.RemoveRange(frame.Handlers, state.Handlers.Count - frame.Handlers);
                state.EnterStep(frame.Begin);
                return Handle(run, call, error);
            }

            if (holds is not ForEachInstruction { ContinueOnError: true } each) continue;
            state.Loops.RemoveRange(i + 1, state.Loops.Count - i - 1);
            state.Handlers.RemoveRange(frame.Handlers, state.Handlers.Count - frame.Handlers);
            Advance(state, each, frame);
            return null;
        }

        return new RunEnd { Kind = RunEndKind.Failed, Error = error, Step = step };
    }

    private async ValueTask<StepResult> BeginFlowAsync(Run run, FlowBeginInstruction begin)
    {
        var state = run.State;
        object? input = null;
        if (begin.With is { } with)
        {
            var evaluated = await services.Evaluator.EvaluateAsync(with, state.Slots, default).ConfigureAwait(false);
            if (evaluated.Fault is { } fault) return StepResult.Of(fault, with);
            input = evaluated.Values[0];
        }

        foreach (var slot in begin.Clears) state.Slots[slot] = null;
        state.Slots[begin.Input] = InputDefaults.Over(input, begin.InputDefaults);
        state.Loops.Add(new LoopFrame { Begin = state.Counter, Items = [], Handlers = state.Handlers.Count });
        state.EnterStep(state.Counter + 1);
        return StepResult.Done;
    }

    private async ValueTask<StepResult> EndFlowAsync(Run run, FlowEndInstruction end)
    {
        var state = run.State;
        object? output = null;
        if (end.Result is { } result)
        {
            var evaluated = await services.Evaluator.EvaluateAsync(result, state.Slots, default).ConfigureAwait(false);
            if (evaluated.Fault is { } fault) return StepResult.Of(fault, result);
            output = evaluated.Values[0];
        }

        var frame = state.Loops[^1];
        state.Handlers.RemoveRange(frame.Handlers, state.Handlers.Count - frame.Handlers);
        state.Loops.RemoveAt(state.Loops.Count - 1);
        if (end.Step.Output >= 0) state.Slots[end.Step.Output] = output;
        state.EnterStep(state.Counter + 1);
        return StepResult.Done;
    }

    private static StepResult Begin(Run run, ForEachInstruction each, object? value)
    {
        var state = run.State;
        if (value is not null and not IReadOnlyList<object?>) return StepResult.Failed(ErrorKind.Rejected, "value", "forEach needs a list.");
        var items = value as IReadOnlyList<object?> ?? [];
        if (items.Count == 0)
        {
            if (each.Step.Output >= 0) state.Slots[each.Step.Output] = Array.Empty<object?>();
            state.EnterStep(each.End + 1);
            return StepResult.Done;
        }

        var frame = new LoopFrame { Begin = state.Counter, Items = items, Handlers = state.Handlers.Count };
        state.Loops.Add(frame);
        Enter(state, each, frame);
        return StepResult.Done;
    }

    private async ValueTask<StepResult> EndItemAsync(Run run, int begin, bool collect)
    {
        var state = run.State;
        var each = (ForEachInstruction)run.Deployment.Flow.Instructions[begin];
        var frame = state.Loops[^1];
        if (collect && each.Collect is { } mapping)
        {
            var evaluated = await services.Evaluator.EvaluateAsync(mapping, state.Slots, default).ConfigureAwait(false);
            if (evaluated.Fault is { } fault) return StepResult.Of(fault, mapping);
            frame.Outputs.Add(evaluated.Values[0]);
        }

        state.Handlers.RemoveRange(frame.Handlers, state.Handlers.Count - frame.Handlers);
        Advance(state, each, frame);
        return StepResult.Done;
    }

    private static void Advance(RunState state, ForEachInstruction each, LoopFrame frame)
    {
        if (++frame.Index < frame.Items.Count)
        {
            Enter(state, each, frame);
            return;
        }

        state.Loops.RemoveAt(state.Loops.Count - 1);
        if (each.Step.Output >= 0) state.Slots[each.Step.Output] = frame.Outputs;
        state.EnterStep(each.End + 1);
    }

    private static void Enter(RunState state, ForEachInstruction each, LoopFrame frame)
    {
        foreach (var slot in each.Clears) state.Slots[slot] = null;
        state.Slots[each.Item] = frame.Items[frame.Index];
        state.Slots[each.Index] = (long)frame.Index;
        state.EnterStep(frame.Begin + 1);
    }

    private static Dictionary<string, object?> Named(PlanMapping mapping, object?[] values)
    {
        var names = mapping.LineNames!;
        var record = new Dictionary<string, object?>(values.Length);
        for (var i = 0; i < values.Length; i++) record[names[i]] = values[i];
        return record;
    }

    private static bool Fits(PlanErrorCase fits, OperationError error)
    {
        if (fits.Kinds.Count == 0 && fits.Codes.Count == 0) return true;
        foreach (var kind in fits.Kinds)
        {
            if (kind == error.Kind) return true;
        }

        foreach (var code in fits.Codes)
        {
            if (code == error.Code) return true;
        }

        return false;
    }

    private static string WarnKey(Run run, WarnInstruction warn, object?[]? values) =>
        !warn.HasKey || values is not { Length: > 1 } ? $"warn:{run.Deployment.Flow.Id}/{warn.Step.Name}"
        : "warn:" + (warn.Message.Hidden.Contains(1) ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text(values[1])))) : Text(values[1]));

    private static string Message(PlanMapping mapping, object?[] values) => mapping.Hidden.Contains(0) ? HiddenValues.Shown : Text(values[0]);

    private static string KindWord(ErrorKind kind)
    {
        var word = kind.ToString();
        return char.ToLowerInvariant(word[0]) + word[1..];
    }

    private static string Text(object? value) => value is null ? "" : FieldValues.AsText(value) ?? "";
}
