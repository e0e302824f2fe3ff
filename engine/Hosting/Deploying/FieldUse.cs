using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Hosting;

/// <summary>A step reads or writes a field.</summary>
/// <param name="Connection">The flow's name of the connection.</param>
/// <param name="Entity">The entity.</param>
/// <param name="Path">The field's path.</param>
/// <param name="Place">Where the flow says so: the line that sets the field, else the step.</param>
internal sealed record FieldUse(string Connection, string Entity, string Path, SourcePlace Place)
{
    public override string ToString() => $"{Connection}/{Entity}.{Path}";
}
