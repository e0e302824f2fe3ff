using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Checks;

/// <summary>The vendor can filter by the fields of a condition, unless the author takes the cost of reading all.</summary>
internal static class FilterCheck
{
    public static void Check(ResolvedField field, SourceSpan span, bool scan, bool scanAllowed, DiagnosticBag problems)
    {
        if (!field.Field.Readable)
        {
            problems.Add(FieldDiagnostics.NotReadable(span, field.Entity.FullName, field.Path));
        }
        else if (!field.Filterable && !scan)
        {
            var can = field.Entity.Descriptor.Fields.Where(f => f.Filterable).Select(f => f.Name).ToArray();
            problems.Add(FieldDiagnostics.NotFilterable(span, field.Entity.FullName, field.Path, can, scanAllowed));
        }
    }

    /// <summary>The comparison goes with the field's type.</summary>
    public static void Operator(ResolvedField field, WhereTest test, DiagnosticBag problems)
    {
        var kind = field.Type.Kind == FieldKind.List ? field.Type.Item?.Kind ?? FieldKind.Any : field.Type.Kind;
        switch (test.Operator)
        {
            case WhereOperator.Gt or WhereOperator.Gte or WhereOperator.Lt or WhereOperator.Lte when kind is FieldKind.Boolean or FieldKind.Id or FieldKind.Choice or FieldKind.Object:
                problems.Add(FlowDiagnostics.UnfitComparison(test.OperatorSpan, Word(test.Operator), $"{field.Entity.Name}.{field.Path}", FieldTypes.Describe(field.Type)));
                break;
            case WhereOperator.Like when kind is not (FieldKind.Text or FieldKind.LongText or FieldKind.Url or FieldKind.Email or FieldKind.Phone or FieldKind.Choice or FieldKind.Any):
                problems.Add(FlowDiagnostics.UnfitComparison(test.OperatorSpan, "like", $"{field.Entity.Name}.{field.Path}", FieldTypes.Describe(field.Type)));
                break;
        }
    }

    private static string Word(WhereOperator operation) => operation.ToString().ToLowerInvariant();
}
