using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Compilation.Triggers;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Checks;

/// <summary>A key is one value that is never null.</summary>
internal static class KeyCheck
{
    public static void Type(BoundValue key, DiagnosticBag problems)
    {
        if (key.Type.Kind is ExprKind.List or ExprKind.Object or ExprKind.Boolean)
        {
            problems.Add(FieldDiagnostics.WrongStructure(key.Span, "'key'", "one text or number", key.Type.ToString()));
        }
    }

    /// <summary>The key is the id of the record whatever else it holds: then a hint finds its lane without the record being read.</summary>
    public static bool IsRecordId(FlowSession session, FlowInputModel input, IReadOnlyList<BoundTrigger> triggers)
    {
        if (triggers.Count == 0 || triggers.Any(t => t.Entity is null)) return false;
        if (session.Flow.Key is not { } key) return true;
        if (key is not ExpressionValue { Expression.Text: var text }) return false;
        var path = text.Trim();
        if (!path.StartsWith("input.", StringComparison.Ordinal)) return false;
        var name = path["input.".Length..];
        return triggers.All(t => t.WithReads is null ? input.Entity is { } entity && name == entity.Descriptor.IdField : t.IdValues.Contains(name));
    }
}
