using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Expressions.Execution;

namespace WorkflowEngine.Runtime;

/// <summary>Lines of <c>set</c> with their values, as the fields of a write.</summary>
internal static class FieldLines
{
    /// <summary>Adds the lines' fields; later lines win. Returns what is wrong with a value, or null.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="values">The step's values.</param>
    /// <param name="empty">What a null value does.</param>
    /// <param name="create">True: fields that would be empty are left out.</param>
    /// <param name="fields">Where they go.</param>
    public static OperationError? Collect(
        IReadOnlyList<PlanFieldLine> lines, object?[] values, PlanEmpty empty, bool create, Dictionary<string, object?> fields)
    {
        fields.EnsureCapacity(fields.Count + lines.Count);
        foreach (var line in lines)
        {
            var value = values[line.Value];
            if (ReferenceEquals(value, FieldMarker.Keep))
            {
                fields.Remove(line.Path);
                continue;
            }

            if (ReferenceEquals(value, FieldMarker.Clear))
            {
                if (create) fields.Remove(line.Path);
                else fields[line.Path] = null;
                continue;
            }

            if (FieldValues.IsEmpty(value))
            {
                if (!create && empty == PlanEmpty.Clear) fields[line.Path] = null;
                continue;
            }

            var type = line.Reference?.By.Type ?? line.Field.Type;
            if (!FieldValues.TryConvert(type, value, out var converted, out var problem))
            {
                return new OperationError(ErrorKind.Rejected, "value", $"{line.Path}: {(line.Hidden ? "the value does not fit the field; it is not shown, since it comes from a sensitive one" : problem)} ({line.Place})") { Fields = [line.Path] };
            }

            fields[line.Path] = line.Reference is { } parent ? new ParentReference(parent.Entity, parent.By.Name, converted!) : converted;
        }

        return null;
    }

    /// <summary>Leaves out what the record as read holds already. True when something is left.</summary>
    /// <param name="fields">The fields to be written.</param>
    /// <param name="record">The record as read.</param>
    /// <param name="lines">The lines they came from.</param>
    public static bool DropEqual(Dictionary<string, object?> fields, IReadOnlyDictionary<string, object?> record, IReadOnlyList<PlanFieldLine> lines)
    {
        List<string>? equal = null;
        foreach (var (path, value) in fields)
        {
            if (IsEqual(LineOf(lines, path, value), value, record, path)) (equal ??= []).Add(path);
        }

        if (equal is not null)
        {
            foreach (var path in equal) fields.Remove(path);
        }

        return fields.Count > 0;
    }

    private static PlanFieldLine LineOf(IReadOnlyList<PlanFieldLine> lines, string path, object? value)
    {
        var by = (value as ParentReference)?.By;
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i].Path == path && (by is null || lines[i].Reference?.By.Name == by)) return lines[i];
        }

        throw new InvalidOperationException($"No line sets {path}.");
    }

    private static bool IsEqual(PlanFieldLine line, object? value, IReadOnlyDictionary<string, object?> record, string path)
    {
        if (value is ParentReference parent)
        {
            return line.Field.Relationship is { } relationship && line.Reference is { } reference
                && RecordPath.Read(record, relationship + "." + parent.By) is { } there && FieldComparison.Equal(reference.By, there, parent.Value);
        }

        return FieldComparison.Stands(line.Field, RecordPath.Read(record, path), value);
    }

    /// <summary>The record as it is after the write: as read, with the fields written.</summary>
    public static Dictionary<string, object?> After(
        IReadOnlyDictionary<string, object?>? before, IReadOnlyDictionary<string, object?> written, string idField, string id)
    {
        var record = before is null ? [] : new Dictionary<string, object?>(before);
        foreach (var (path, value) in written)
        {
            if (value is not ParentReference) Put(record, path, value);
        }

        record[idField] = id;
        return record;
    }

    private static void Put(Dictionary<string, object?> record, string path, object? value)
    {
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            record[path] = value;
            return;
        }

        var head = path[..dot];
        var inner = record.GetValueOrDefault(head) is IReadOnlyDictionary<string, object?> there ? new Dictionary<string, object?>(there) : [];
        Put(inner, path[(dot + 1)..], value);
        record[head] = inner;
    }

    public static IReadOnlyDictionary<string, string> Options(PlanStep step, object?[] values) => Options(step.Options, values);

    public static IReadOnlyDictionary<string, string> Options(IReadOnlyList<PlanOption> given, object?[] values)
    {
        if (given.Count == 0) return NoOptions;
        var options = new Dictionary<string, string>(given.Count);
        foreach (var option in given)
        {
            if (values[option.Value] is { } value && FieldValues.AsText(value) is { } text) options[option.Name] = text;
        }

        return options;
    }

    private static readonly IReadOnlyDictionary<string, string> NoOptions = new Dictionary<string, string>();
}
