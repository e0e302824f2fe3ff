using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Checks;

/// <summary>A record that is made has every field it must have.</summary>
internal static class RequiredCheck
{
    public static void Check(EntityModel entity, SourceSpan at, IReadOnlyList<BoundLine> lines, IEnumerable<FieldLine> written, DiagnosticBag problems)
    {
        // Lines of unknown fields are reported as such; a dotted path gives its whole.
        var given = written.Select(l => l.Name.Value).SelectMany(n => new[] { n, n.Split('.')[0] }).ToHashSet(StringComparer.Ordinal);
        var required = entity.Descriptor.Fields.Where(f => f.RequiredOnCreate).ToArray();
        var missing = required.Where(f => !given.Contains(f.Name) && (f.MadeOf is null || !given.Contains(f.MadeOf))).Select(f => f.Name).ToArray();
        if (missing.Length > 0) problems.Add(FieldDiagnostics.RequiredMissing(at, entity.FullName, missing));
        foreach (var line in lines.Where(l => l.Field.Field.RequiredOnCreate && l.Plan.Reference is null))
        {
            if (line.Value.Type.IsNullable || line.Value.Type.Kind == ExprKind.Null)
            {
                problems.Add(FieldDiagnostics.RequiredMayBeNull(line.Value.Span, entity.Name, line.Field.Path));
            }
        }
    }
}
