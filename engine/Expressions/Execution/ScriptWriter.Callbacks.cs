using System.Text;
using Acornima.Ast;

namespace WorkflowEngine.Expressions.Execution;

internal sealed partial class ScriptWriter
{
    private const int ParametersOfCallbacks = 2;

    /// <summary>
    /// The function of a callback. Its temporaries are parameters behind those it is called with. One that reads nothing around it becomes a
    /// constant of the binding; one that only looks at fields of a record is answered without the engine where the item is a record.
    /// </summary>
    private void Arrow(ArrowFunctionExpression arrow)
    {
        var before = parameters.Count;
        var (outer, outerTemporaries, outerRead) = (segment, temporaries, lowestRead);
        var mine = arrow.Params.OfType<Identifier>().Select(p => p.Name).ToList();
        (segment, lowestRead) = (new Segment(), int.MaxValue);
        parameters.AddRange(mine);
        Write((Expression)arrow.Body);
        parameters.RemoveRange(before, parameters.Count - before);
        var (own, captures) = (segment, lowestRead < before);
        (segment, lowestRead) = (outer, Math.Min(outerRead, captures ? lowestRead : int.MaxValue));

        var native = captures || mine.Count != 1 ? null : DirectExpression.Of((Expression)arrow.Body, [mine[0]]);
        if (temporaries > outerTemporaries)
        {
            for (var i = mine.Count; i < ParametersOfCallbacks; i++)
            {
                mine.Add($"$u{i}");
            }

            mine.AddRange(Temporaries(outerTemporaries));
            temporaries = outerTemporaries;
        }

        var function = captures ? outer : new Segment();
        if (native is not null)
        {
            function.Text.Append(Host("native")).Append("(0,").Append(natives.Count).Append(',');
            natives.Add(native);
        }

        function.Text.Append("((").AppendJoin(',', mine).Append(")=>(");
        function.Append(own);
        function.Text.Append(native is null ? "))" : ")))");
        if (!captures)
        {
            outer.Text.Append("$f").Append(hoisted.Count);
            hoisted.Add(function);
        }
    }

    /// <summary>A piece of script that does not yet know where it will stand, with its places.</summary>
    private sealed class Segment
    {
        public StringBuilder Text { get; } = new();

        public List<(int Script, int Expression, int Offset)> Marks { get; } = [];

        public void Append(Segment other)
        {
            var at = Text.Length;
            Text.Append(other.Text);
            Marks.AddRange(other.Marks.Select(m => (m.Script + at, m.Expression, m.Offset)));
        }
    }
}
