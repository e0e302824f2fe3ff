using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.ServiceTitan;

/// <summary>One entity as this connection reads it: types (with the fields an org added), wire part, prepared reader.</summary>
internal sealed class EntityAccess
{
    private static readonly RecordReader Ids = new([new FieldDescriptor { Name = "id", Type = FieldType.Of(FieldKind.Id) }]);
    private readonly IReadOnlyList<string[]> _idForms;

    public EntityAccess(EntityDescriptor entity, EntityDocument document)
    {
        Entity = entity;
        Wire = EntityWire.Of(document.Wire);
        WireFields = document.WireFields;
        // A field that is only sent may have the wire name of one that is read.
        Reader = new RecordReader(entity.Fields.Where(f => f.Readable), document.WireFields);
        Evaluator = new ConditionEvaluator(entity.Fields);
        _idForms = [.. Wire.Id.Select(form => form.Split('/'))];
    }

    public EntityDescriptor Entity { get; }

    public EntityWire Wire { get; }

    public IReadOnlyDictionary<string, WireField> WireFields { get; }

    public RecordReader Reader { get; }

    public ConditionEvaluator Evaluator { get; }

    /// <summary>Reads the row the reader stands on.</summary>
    public IReadOnlyDictionary<string, object?> ReadRow(ref Utf8JsonReader reader)
    {
        var record = Reader.Read(ref reader);
        Complete(record);
        return record;
    }

    /// <summary>Reads a body that is one record.</summary>
    public IReadOnlyDictionary<string, object?> ReadBody(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        reader.Read();
        return ReadRow(ref reader);
    }

    /// <summary>Reads the id out of an answer that holds nothing else.</summary>
    public static string ReadId(ReadOnlySpan<byte> body) => Ids.Read(body).GetValueOrDefault("id") as string is { Length: > 0 } id ? id : throw new RecordFormatException("the answer has no id");

    /// <summary>Gives a record the id the vendor does not (<c>technicianId/jobId</c>) and external data as flows wrote them.</summary>
    public void Complete(Dictionary<string, object?> record)
    {
        if (record.GetValueOrDefault("external") is Dictionary<string, object?> external)
        {
            foreach (var (key, value) in external.ToList())
            {
                if (value is string text) external[key] = ExternalText.FromWire(text);
            }
        }

        foreach (var form in _idForms)
        {
            var parts = form.Select(part => record.GetValueOrDefault(part) is DateTimeOffset time ? WireTime.Sortable(time) : record.GetValueOrDefault(part) as string).ToArray();
            if (Array.Exists(parts, string.IsNullOrEmpty)) continue;
            record[Entity.IdField] = string.Join('/', parts);
            break;
        }

        if (Wire.Survivor) Survivors.Itself(record);
        if (record.GetValueOrDefault(Entity.IdField) is not string { Length: > 0 }) throw new RecordFormatException($"a {Entity.Name} without an id");
    }

    /// <summary>True when nothing hides the row or inactive rows are wanted.</summary>
    public bool Shows(IReadOnlyDictionary<string, object?> row, bool inactive) => inactive || Entity.ActiveField is not { } field || row.GetValueOrDefault(field) is not false;
}
