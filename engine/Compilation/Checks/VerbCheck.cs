using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Checks;

/// <summary>The vendor lets records of the entity be made, changed, deleted, read.</summary>
internal static class VerbCheck
{
    /// <summary>False when it is refused: then what its fields allow is not said as well.</summary>
    public static bool Write(EntityModel entity, EntityReference at, bool create, bool update, bool delete, DiagnosticBag problems)
    {
        var allowed = new List<string>();
        if (entity.Descriptor.Creatable) allowed.Add("created");
        if (entity.Descriptor.Updatable) allowed.Add("changed");
        if (entity.Descriptor.Deletable) allowed.Add("deleted");
        var before = problems.Count;
        if (create && !entity.Descriptor.Creatable) problems.Add(FieldDiagnostics.VerbRefused(at.Span, entity.FullName, "created", allowed));
        else if (update && !entity.Descriptor.Updatable) problems.Add(FieldDiagnostics.VerbRefused(at.Span, entity.FullName, "changed", allowed));
        else if (delete && !entity.Descriptor.Deletable) problems.Add(FieldDiagnostics.VerbRefused(at.Span, entity.FullName, "deleted", allowed));
        return problems.Count == before;
    }

    public static void Read(EntityModel entity, EntityReference at, DiagnosticBag problems)
    {
        if (!entity.Descriptor.Queryable) problems.Add(FieldDiagnostics.NotQueryable(at.Span, entity.FullName));
    }
}
