using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Checks;

/// <summary>A field can be written in the half of the step it stands in.</summary>
internal static class WritableCheck
{
    public static void Check(ResolvedField field, SourceSpan span, SetHalf half, DiagnosticBag problems)
    {
        if (half.HasFlag(SetHalf.Create) && !field.Creatable)
        {
            problems.Add(FieldDiagnostics.NotCreatable(span, field.Entity.Name, field.Path, field.Updatable));
        }
        else if (half.HasFlag(SetHalf.Update) && !field.Updatable)
        {
            problems.Add(FieldDiagnostics.NotUpdatable(span, field.Entity.Name, field.Path, field.Creatable));
        }
    }
}
