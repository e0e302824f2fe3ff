using Acornima.Ast;

namespace WorkflowEngine.Expressions.Execution;

internal sealed partial class ScriptWriter
{
    private void List(ArrayExpression array)
    {
        if (!array.Elements.Any(e => e is SpreadElement))
        {
            Items(array.Elements.Cast<Expression>());
            return;
        }

        Call("cat", array);
        var run = new List<Expression>();
        foreach (var element in array.Elements)
        {
            if (element is SpreadElement spread)
            {
                Flush(run);
                Body.Append(',');
                Write(spread.Argument);
            }
            else
            {
                run.Add((Expression)element!);
            }
        }

        Flush(run);
        Body.Append(')');
    }

    private void Flush(List<Expression> run)
    {
        if (run.Count > 0)
        {
            Body.Append(',');
            Items(run);
            run.Clear();
        }
    }

    private void Items(IEnumerable<Expression> items)
    {
        Body.Append('[');
        foreach (var item in items)
        {
            Write(item);
            Body.Append(',');
        }

        Body.Append(']');
    }

    private void Object(ObjectExpression literal)
    {
        Body.Append("({");
        foreach (var node in literal.Properties)
        {
            if (node is SpreadElement spread)
            {
                Body.Append("...");
                Write(spread.Argument);
            }
            else if (node is Property { Value: Expression value } property)
            {
                Body.Append(Quoted(property.Key is Identifier i ? i.Name : ((StringLiteral)property.Key).Value)).Append(':');
                Write(value);
            }

            Body.Append(',');
        }

        Body.Append("})");
    }
}
