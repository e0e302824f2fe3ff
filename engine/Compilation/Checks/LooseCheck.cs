using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Steps;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Checks;

/// <summary>Checks the expressions of a step whose entity is not known: all mistakes are found in one go.</summary>
internal static class LooseCheck
{
    public static void Where(WhereClause? where, StepContext context)
    {
        foreach (var line in where?.Lines ?? [])
        {
            switch (line)
            {
                case WhereAny any:
                    foreach (var clause in any.Clauses) Where(clause, context);
                    break;
                case WhereField field:
                    foreach (var test in field.Tests) Value(test.Value, context);
                    break;
            }
        }
    }

    public static void Value(ValueDefinition? value, StepContext context)
    {
        if (value is not null) context.Session.Values.Bind(value, ValuePlace.Anything("this"), context.Scope.Names);
    }

    public static void Lines(IEnumerable<FieldLine>? lines, StepContext context)
    {
        foreach (var line in lines ?? []) Value(line.Value, context);
    }
}
