using Acornima.Ast;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Expressions.Analysis;

internal sealed partial class Checker
{
    private Checked Table(CallExpression call, string function)
    {
        if (call.Arguments.Count != 2)
        {
            Error(ProblemCodes.WrongArguments, call, $"{function} takes a table's name and a key, but {call.Arguments.Count} {(call.Arguments.Count == 1 ? "is" : "are")} given.", $"As in: {function}(\"work\", key)");
            VisitAll(call);
            return Checked.Of(ExprType.Any);
        }

        var key = Visit(call.Arguments[1]).Type;
        if (key.Kind is ExprKind.List or ExprKind.Object)
        {
            Error(ProblemCodes.WrongType, call.Arguments[1], $"The key of a table is one value, but this is {key}.", null);
        }

        if (call.Arguments[0] is not StringLiteral { Value: var name } at)
        {
            Visit(call.Arguments[0]);
            Error(ProblemCodes.UnknownTable, call.Arguments[0], "The name of a table is written out.", $"As in: {function}(\"work\", key)");
            return Checked.Of(ExprType.Any);
        }

        var row = Row(at, name);
        if (row is null)
        {
            return Checked.Of(ExprType.Any);
        }

        Names.Add("tables");
        Tables.Add(name);
        if (row.Member("key") is { } wanted && !Comparable(wanted, key))
        {
            Error(ProblemCodes.WrongType, call.Arguments[1], $"The table '{name}' is asked by {wanted}, but this is {key}.", null);
        }

        return new Checked(function == "table" ? row : row.OrNull(), [new ReadPath("tables", [name, ReadPath.Items])]);
    }

    private ExprType? Row(StringLiteral at, string name)
    {
        if (!scope.TryGet("tables", out var tables))
        {
            Error(ProblemCodes.UnknownTable, at, $"There is no table '{name}'.", "Declare it under tables:.");
            return null;
        }

        if (tables.Kind != ExprKind.Object)
        {
            Names.Add("tables");
            return ExprType.Any;
        }

        if (tables.Shape!.Find(name) is { } table)
        {
            return table.Item ?? ExprType.Any;
        }

        Error(ProblemCodes.UnknownTable, at, $"There is no table '{name}'.", Nearest.Hint(name, tables.Shape.Fields.Keys, n => $"\"{n}\"") ?? "Declare it under tables:.");
        return null;
    }
}
