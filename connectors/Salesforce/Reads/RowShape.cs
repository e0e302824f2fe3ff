using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.Salesforce.Reads;

/// <summary>The shape of rows that hold the selected paths: parents are objects inside.</summary>
internal static class RowShape
{
    /// <summary>A reader of such rows; the vendor's <c>attributes</c> are skipped.</summary>
    public static RecordReader Reader(OrgSchema schema, string entity, IEnumerable<string> paths) => new(Fields(schema, entity, paths));

    /// <summary>The lists of children among the paths, each with a reader of its rows.</summary>
    public static IReadOnlyList<(string Name, RecordReader Rows)> Children(OrgSchema schema, string entity, IEnumerable<string> paths) =>
    [
        .. paths.Select(p => (Path: p, List: schema.Children(entity, p))).Where(p => p.List is not null && p.Path.Length > p.List.Name.Length).GroupBy(p => p.List!)
            .Select(g => (g.Key.Name, new RecordReader(Fields(schema, g.Key.Entity, g.Select(p => p.Path[(g.Key.Name.Length + 1)..]).Append("Id").Distinct(StringComparer.Ordinal))))),
    ];

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

            if (entity is not null && schema.Children(entity, group.Key) is { } list)
            {
                fields.Add(new FieldDescriptor { Name = group.Key, Type = Page(Fields(schema, list.Entity, deeper.Append("Id").Distinct(StringComparer.Ordinal))) });
                continue;
            }

            var parent = entity is null ? null : schema.Reference(entity, group.Key)?.Type.Entity;
            fields.Add(new FieldDescriptor { Name = group.Key, Type = new FieldType { Kind = FieldKind.Object, Fields = Fields(schema, parent, deeper) } });
        }

        return fields;
    }

    // A list of children is a page of its own inside the row, or null where there are none.
    private static FieldType Page(List<FieldDescriptor> fields) => new()
    {
        Kind = FieldKind.Object,
        Fields =
        [
            new FieldDescriptor { Name = ChildRows.Done, Type = FieldType.Of(FieldKind.Boolean) },
            new FieldDescriptor { Name = ChildRows.Next, Type = FieldType.Of(FieldKind.Text) },
            new FieldDescriptor { Name = ChildRows.Records, Type = FieldType.ListOf(new FieldType { Kind = FieldKind.Object, Fields = fields }) },
        ],
    };
}
