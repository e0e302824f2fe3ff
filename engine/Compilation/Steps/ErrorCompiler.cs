using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Steps;

/// <summary><c>onError</c>: the first case that fits; its steps stand behind the step, and the run jumps over them when all went well.</summary>
internal static class ErrorCompiler
{
    private static readonly Dictionary<string, ErrorKind> Kinds = Enum.GetValues<ErrorKind>().ToDictionary(k => Word(k), k => k, StringComparer.Ordinal);

    private static readonly ExprType Error = ExprType.Object(
        ("kind", ExprType.Choice(Kinds.Keys)), ("code", ExprType.Text), ("message", ExprType.Text), ("fields", ExprType.List(ExprType.Text)));

    public static IReadOnlyList<PlanErrorCase> Compile(StepDefinition step, StepContext context, StepSequence sequence, out bool continues)
    {
        continues = false;
        if (step.OnError.Count == 0) return [];
        var session = context.Session;
        var plan = session.Plan;
        var scope = context.Scope.With("error", Error, Slots.Error);
        var over = step.OnError.Any(c => c.Do.Count > 0) ? plan.Emit(new JumpInstruction { Step = context.Head with { Output = -1 }, Target = 0 }) : -1;
        var cases = new List<PlanErrorCase>();
        var all = false;
        foreach (var item in step.OnError)
        {
            if (all) session.Problems.Add(FlowDiagnostics.ErrorCaseNeverReached(item.Span));
            all |= item.Kinds.Count == 0 && item.Codes.Count == 0;
            if (item is { Do.Count: 0, Again: null, Then: null }) session.Problems.Add(FlowDiagnostics.ErrorCaseEmpty(item.Span));
            var again = item.Again is { } changes ? Again(step, changes, context with { Scope = scope, IsAgain = true }) : null;
            var begin = -1;
            if (item.Do.Count > 0)
            {
                begin = plan.Next;
                sequence.Compile(item.Do, scope, context.InLoop);
                plan.Emit(new EndHandlerInstruction { Step = context.Head with { Output = -1 } });
            }

            continues |= item.Then?.Value == ErrorThen.Continue;
            cases.Add(new PlanErrorCase
            {
                Kinds = [.. item.Kinds.Select(k => Kind(k, session.Problems)).OfType<ErrorKind>()],
                Codes = [.. item.Codes.Select(c => c.Value)],
                Do = begin,
                Again = again,
                Then = item.Then?.Value switch { ErrorThen.Stop => PlanThen.Stop, ErrorThen.Continue => PlanThen.Continue, _ => PlanThen.Fail },
            });
        }

        if (over >= 0)
        {
            var target = plan.Next;
            plan.Replace(over, i => (JumpInstruction)i with { Target = target });
        }

        return cases;
    }

    private static Instruction? Again(StepDefinition step, AgainDefinition again, StepContext context)
    {
        var blocks = new (string Name, SetBlock? Block, bool Fits)[]
        {
            ("set", again.Set, step is SetStep),
            ("setOnCreate", again.SetOnCreate, step is UpsertStep),
            ("setOnUpdate", again.SetOnUpdate, step is UpsertStep),
        };
        foreach (var (name, block, fits) in blocks)
        {
            if (block is not null && !fits) context.Problems.Add(FlowDiagnostics.AgainUnfit(block.KeySpan, step.Activity.Value, name));
        }

        var changed = step with { Options = WriteLines.Changed(step.Options, again.Options) };
        if (changed is SetStep set) changed = set with { Set = WriteLines.Changed(set.Set, again.Set) };
        if (changed is UpsertStep upsert)
        {
            changed = upsert with
            {
                SetOnCreate = WriteLines.Changed(upsert.SetOnCreate, again.SetOnCreate),
                SetOnUpdate = WriteLines.Changed(upsert.SetOnUpdate, again.SetOnUpdate),
            };
        }

        return StepCompilers.Compile(changed, context, null).Instruction;
    }

    private static ErrorKind? Kind(Located<string> word, DiagnosticBag problems)
    {
        if (Kinds.TryGetValue(word.Value, out var kind)) return kind;
        problems.Add(FlowDiagnostics.UnknownErrorKind(word.Span, word.Value, Kinds.Keys));
        return null;
    }

    private static string Word(ErrorKind kind)
    {
        var name = kind.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
