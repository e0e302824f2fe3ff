using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Checks;

/// <summary>A path names a field of the entity.</summary>
internal static class FieldCheck
{
    public static ResolvedField? Resolve(EntityModel entity, Located<string> path, DiagnosticBag problems)
    {
        if (entity.Resolve(path.Value) is { } field) return field;
        problems.Add(BindingDiagnostics.UnknownField(path.Span, entity.FullName, path.Value, entity.Near(path.Value), entity.Descriptor.Extensible));
        return null;
    }
}
