using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.Salesforce.Reads;

/// <summary>The shape of rows that hold the selected paths: parents are objects inside.</summary>
internal static class RowShape
{
    /// <summary>A reader of such rows; the vendor's <c>attributes</c> are skipped.</summary>
    public static RecordReader Reader(OrgSchema schema, string entity, IEnumerable<string> paths) => new(Fields(schema, entity, paths));

    private static List<FieldDescriptor> Fields(OrgSchema schema, string? entity, IEnumerable<string> paths)
    {
        var fields = new List<FieldDescriptor>();
        foreach (var group in paths.GroupBy(p => p.IndexOf('.') is var dot && dot < 0 ? p : p[..dot], StringComparer.Ordinal))
        {
            var deeper = group.Where(p => p.Length > group.Key.Length).Select(p => p[(group.Key.Length + 1)..]).ToArray();
            if (deeper.Length == 0)
            {
                fields.Add((entity is null ? null : schema.Field(entity, group.Key)) ?? new FieldDescriptor { Name = group.Key, Type = FieldType.Of(FieldKind.Any) });
                continue;
            }

            var parent = entity is null ? null : schema.Reference(entity, group.Key)?.Type.Entity;
            fields.Add(new FieldDescriptor { Name = group.Key, Type = new FieldType { Kind = FieldKind.Object, Fields = Fields(schema, parent, deeper) } });
        }

        return fields;
    }
}
