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
        if (self is null)
        {
            writer.WriteAll(roots);
        }
        else
        {
            writer.WriteLines(roots, lines);
        }

        return writer.Problem is { } wrong
            ? new PreparedMapping(sources, names, writer.Expression, wrong)
            : new PreparedMapping(sources, names, [.. writer.Used], writer.Finish(), writer.Map) { Natives = writer.Natives };
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
