using Acornima.Ast;
using WorkflowEngine.Expressions.Analysis;
using WorkflowEngine.Expressions.Syntax;

namespace WorkflowEngine.Expressions.Execution;

/// <summary>Makes one function of several expressions. What is outside the closed subset becomes a mapping with a problem, never a script.</summary>
public static class MappingCompiler
{
    /// <summary>Expressions that do not see each other: the lines of a <c>set</c>, the values of a <c>where</c>, one <c>if</c>.</summary>
    /// <param name="sources">Without their leading <c>=</c>.</param>
    /// <param name="names">The names of the scope; values are given in this order.</param>
    public static PreparedMapping Prepare(IReadOnlyList<string> sources, IReadOnlyList<string> names) => Write(sources, names, null, []);

    public static PreparedMapping Prepare(string source, IReadOnlyList<string> names) => Write([source], names, null, []);

    /// <summary>The lines of a <c>map</c> step with the id <paramref name="selfName"/>: later lines read earlier ones as <c>id.line</c>.</summary>
    public static PreparedMapping Prepare(IReadOnlyList<MapLine> lines, IReadOnlyList<string> names, string? selfName) =>
        Write([.. lines.Select(l => l.Source)], selfName is null ? names : [.. names.Where(n => n != selfName)], selfName, [.. lines.Select(l => l.Name)]);

    private static PreparedMapping Write(IReadOnlyList<string> sources, IReadOnlyList<string> names, string? self, IReadOnlyList<string> lines)
    {
        var roots = new Expression[sources.Count];
        for (var i = 0; i < sources.Count; i++)
        {
            var (root, problem) = SyntaxReader.Read(sources[i]);
            problem ??= ClosedSubset.Check(root!).FirstOrDefault();
            if (problem is not null)
            {
                return new PreparedMapping(sources, names, i, problem);
            }

            roots[i] = root!;
        }

        var writer = new ScriptWriter(names, self);
        if (self is not null)
        {
            writer.WriteLines(roots, lines);
            if (writer is { Problem: not null } or { ReadsSelf: true })
            {
                return Written(writer, sources, names);
            }

            writer = new ScriptWriter(names, null);
        }

        writer.WriteAll(roots);
        var directs = Array.ConvertAll(roots, r => DirectExpression.Of(r, names));
        if (writer.Problem is not null || !directs.Any(d => d is not null))
        {
            return Written(writer, sources, names);
        }

        var rest = Enumerable.Range(0, roots.Length).Where(i => directs[i] is null).ToArray();
        var others = new ScriptWriter(names, null);
        others.WriteAll([.. rest.Select(i => roots[i])]);
        return new PreparedMapping(sources, names, [.. writer.Used], writer.Finish(), writer.Map)
        {
            Natives = writer.Natives,
            Directs = directs,
            Rest = rest.Length == 0 ? null : Written(others, [.. rest.Select(i => sources[i])], names),
            RestPositions = rest,
        };
    }

    private static PreparedMapping Written(ScriptWriter writer, IReadOnlyList<string> sources, IReadOnlyList<string> names) => writer.Problem is { } wrong
        ? new PreparedMapping(sources, names, writer.Expression, wrong)
        : new PreparedMapping(sources, names, [.. writer.Used], writer.Finish(), writer.Map) { Natives = writer.Natives };

    /// <summary>Everything by the engine, for tests that compare.</summary>
    internal static PreparedMapping PrepareWithoutDirects(IReadOnlyList<string> sources, IReadOnlyList<string> names)
    {
        var mapping = Prepare(sources, names);
        return mapping.Problem is null ? new PreparedMapping(sources, names, mapping.Slots, mapping.Text, mapping.Map) { Natives = mapping.Natives } : mapping;
    }

    /// <summary>
    /// JavaScript as it is, past the closed subset: the sandbox must hold without it. Only size, nesting and a BigInt are refused here too, the last since the engine
    /// calculates with it for seconds inside one operator.
    /// </summary>
    internal static PreparedMapping PrepareUnchecked(string javaScript)
    {
        var (root, problem) = SyntaxReader.Read(javaScript);
        var refused = root is null ? (problem!.Code == ProblemCodes.TooLarge ? problem : null) : ClosedSubset.Check(root).FirstOrDefault(p => p.Message.Contains("BigInt", StringComparison.Ordinal));
        return refused is not null
            ? new PreparedMapping([javaScript], [], 0, refused)
            : new PreparedMapping([javaScript], [], [], $"(function($){{\"use strict\";return (function(){{return [({javaScript})];}});}})", new SourceMap()) { IsUnchecked = true };
    }
}
