using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Expressions.Analysis;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Binding;

/// <summary>
/// Makes the types of records, one shape for each step, and notes what is read of them whatever way the record takes through maps, lists and
/// later steps: the analysis names the shape of every field it sees read.
/// </summary>
internal sealed class RecordShapes
{
    private readonly Dictionary<ObjectShape, (RecordReads Reads, string Path)> known = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<ObjectShape, HashSet<string>> hidden = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> hiddenNames = new(StringComparer.Ordinal);

    public ExprType Record(RecordReads reads) => Record(reads.Entity, reads, "");

    public void Note(IEnumerable<FieldRead> read)
    {
        foreach (var (shape, field) in read)
        {
            if (known.TryGetValue(shape, out var origin)) origin.Reads.Add(origin.Path.Length == 0 ? field : $"{origin.Path}.{field}");
        }
    }

    /// <summary>Whether a value comes from a sensitive field: read here, or where a name it reads was given its value.</summary>
    public bool IsHidden(ExpressionAnalysis analysis) =>
        analysis.FieldReads.Any(r => hidden.TryGetValue(r.Shape, out var fields) && fields.Contains(r.Field)) || analysis.Names.Any(hiddenNames.Contains) || IsHidden(analysis.Type, 0);

    /// <summary>A field of the object that a step gives holds a sensitive value.</summary>
    public void Hide(ExprType type, string field)
    {
        foreach (var origin in type.Shape?.Origins ?? []) Hide(origin, field);
    }

    /// <summary>A name stands for a sensitive value, or for a list of them.</summary>
    public void HideName(string name) => hiddenNames.Add(name);

    /// <summary>A value leaves the flow as it is: every record inside is read as a whole.</summary>
    public void NoteWhole(ExprType type, int depth = 0)
    {
        if (type.Kind == ExprKind.List)
        {
            NoteWhole(type.Item!, depth);
        }
        else if (type.Kind == ExprKind.Object)
        {
            var followed = false;
            foreach (var origin in type.Shape!.Origins)
            {
                if (!known.TryGetValue(origin, out var found)) continue;
                found.Reads.AddWhole(found.Path);
                followed = true;
            }

            if (followed || depth > 8) return;
            foreach (var field in type.Shape.Fields.Values) NoteWhole(field, depth + 1);
        }
    }

    private ExprType Record(EntityModel entity, RecordReads reads, string path)
    {
        var shape = new ObjectShape(entity.FullName, () => Fields(entity, reads, path));
        known[shape] = (reads, path);
        Hide(shape, entity.Descriptor.Fields);
        return ExprType.Object(shape);
    }

    private Dictionary<string, ExprType> Fields(EntityModel entity, RecordReads reads, string path)
    {
        var fields = new Dictionary<string, ExprType>(StringComparer.Ordinal);
        foreach (var (name, reference) in entity.Relationships)
        {
            if (entity.Parent(reference) is { } parent) fields[name] = Record(parent, reads, Join(path, name)).OrNull();
        }

        foreach (var field in entity.Descriptor.Fields)
        {
            // The children of a parent are not read along with it.
            if (!field.Readable || (path.Length > 0 && ChildLists.Is(field))) continue;
            var nullable = field.Nullable && field.Name != entity.Descriptor.IdField;
            var type = FieldTypes.Scalar(field, nullable) ?? Type(field.Type, entity.Connection.Name, reads, Join(path, field.Name));
            fields[field.Name] = nullable ? type.OrNull() : type;
        }

        return fields;
    }

    private ExprType Type(FieldType type, string connection, RecordReads reads, string path) =>
        FieldTypes.ToExpr(type, connection, inner => Nested(inner, connection, reads, path));

    private ExprType Nested(FieldType type, string connection, RecordReads reads, string path)
    {
        var shape = new ObjectShape(
            null,
            () => type.Fields.Where(f => f.Readable).ToDictionary(
                f => f.Name,
                f =>
                {
                    var member = Type(f.Type, connection, reads, Join(path, f.Name));
                    return f.Nullable ? member.OrNull() : member;
                },
                StringComparer.Ordinal),
            type.OpenFields ? ExprType.Text.OrNull() : null);
        known[shape] = (reads, path);
        Hide(shape, type.Fields);
        return ExprType.Object(shape);
    }

    private void Hide(ObjectShape shape, IEnumerable<FieldDescriptor> fields)
    {
        foreach (var field in fields.Where(f => f.Sensitive)) Hide(shape, field.Name);
    }

    private void Hide(ObjectShape shape, string field)
    {
        if (!hidden.TryGetValue(shape, out var fields)) hidden[shape] = fields = new HashSet<string>(StringComparer.Ordinal);
        fields.Add(field);
    }

    // A record that is handed on whole takes its sensitive fields along.
    private bool IsHidden(ExprType type, int depth) => depth <= 8 && type.Kind switch
    {
        ExprKind.List => IsHidden(type.Item!, depth + 1),
        ExprKind.Object => type.Shape!.Origins.Any(hidden.ContainsKey),
        _ => false,
    };

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
