using System.Runtime.CompilerServices;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Expressions.Execution;

namespace WorkflowEngine.Runtime;

/// <summary>Mappings of a plan as prepared functions of the expression engine. Each is prepared once, when it first runs, and forgotten with its plan.</summary>
public sealed class JavaScriptEvaluator(ExpressionEngine engine) : IEvaluator
{
    // What is prepared is the same for every engine of the process.
    private static readonly ConditionalWeakTable<PlanMapping, Prepared> PreparedMappings = [];

    public ValueTask<Evaluated> EvaluateAsync(PlanMapping mapping, object?[] slots, CancellationToken cancellationToken)
    {
        var prepared = PreparedMappings.GetValue(mapping, static m => Prepare(m));
        if (prepared.Plain is { } plain && plain.TryRead(slots, out var values)) return new ValueTask<Evaluated>(new Evaluated(values, null));
        var reads = prepared.Slots;
        var result = reads.Length switch
        {
            0 => engine.Invoke(prepared.Mapping),
            1 => engine.Invoke(prepared.Mapping, slots[reads[0]]),
            2 => engine.Invoke(prepared.Mapping, slots[reads[0]], slots[reads[1]]),
            _ => engine.Invoke(prepared.Mapping, Arguments(reads, slots)),
        };
        return new ValueTask<Evaluated>(
            result.Succeeded
                ? new Evaluated(result.Values, null)
                : Evaluated.Failed(new EvaluationFault(result.Error.ExpressionIndex, Word(result.Error.Kind), result.Error.Message)));
    }

    private static Prepared Prepare(PlanMapping mapping)
    {
        var names = new List<string>(mapping.Names.Count);
        var slots = new List<int>(mapping.Names.Count);
        for (var i = 0; i < mapping.Names.Count; i++)
        {
            // The lines of a map see each other, not the slot they will be put into.
            if (mapping.Names[i] == mapping.SelfName) continue;
            names.Add(mapping.Names[i]);
            slots.Add(mapping.Slots[i]);
        }

        if (mapping.LineNames is not { } lines) return new Prepared(MappingCompiler.Prepare(mapping.Sources, names), [.. slots], PlainPaths.Of(mapping));
        var named = new MapLine[lines.Count];
        for (var i = 0; i < named.Length; i++) named[i] = new MapLine(lines[i], mapping.Sources[i]);
        return new Prepared(MappingCompiler.Prepare(named, names, mapping.SelfName), [.. slots], PlainPaths.Of(mapping));
    }

    private static object?[] Arguments(int[] reads, object?[] slots)
    {
        var arguments = new object?[reads.Length];
        for (var i = 0; i < arguments.Length; i++) arguments[i] = slots[reads[i]];
        return arguments;
    }

    private sealed record Prepared(PreparedMapping Mapping, int[] Slots, PlainPaths? Plain);

    private static string Word(EvaluationErrorKind kind) => kind switch
    {
        EvaluationErrorKind.Null => "null",
        EvaluationErrorKind.TableMissing => "table",
        EvaluationErrorKind.Limit => "limit",
        EvaluationErrorKind.Abandoned => "abandoned",
        EvaluationErrorKind.Invalid => "invalid",
        _ => "value",
    };
}
