using WorkflowEngine.Abstractions;
using WorkflowEngine.Expressions.Execution;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>What a field would say to a value, before anything is sent.</summary>
internal static class FieldJudgement
{
    public static IReadOnlyList<PreviewFinding> Of(EntityDescriptor entity, string path, object? value, bool creates, bool fromOrg)
    {
        if (value is FieldMarker marker && marker == FieldMarker.Keep && !creates) return [];
        if (Find(entity.Fields, path) is not { } field)
        {
            // A connector's own catalogue does not know an org's custom fields, so only the org can say that one is not there.
            return fromOrg || !entity.Extensible ? [new PreviewFinding("not-in-org", "warning", $"{entity.Name} has no field '{path}'.")] : [];
        }

        var found = new List<PreviewFinding>();
        if (creates ? !field.Creatable : !field.Updatable) found.Add(Error("read-only", $"{path} cannot be {(creates ? "set when a record is created" : "changed")}."));
        if (value is FieldMarker || FieldValues.IsEmpty(value))
        {
            if (creates && field.RequiredOnCreate) found.Add(Error("required-empty", $"{path} must have a value when a record is created."));
            if (field.ExternalId) found.Add(new PreviewFinding("external-id-null", "warning", $"{path} is an external id: without a value the record is not found by it."));
            return found;
        }

        if (value is double number && !double.IsFinite(number)) found.Add(Error("wrong-type", "The result is not a number."));
        else if (!FieldValues.TryConvert(field.Type, value, out _, out var problem)) found.Add(Error(Code(field.Type, value), $"{path}: {problem}."));
        else if (field.Type.Kind == FieldKind.Id && field.Relationship is not null && value is string id && (id.Length is not (15 or 18) || !id.All(char.IsAsciiLetterOrDigit)))
        {
            found.Add(Error("id-form", $"{path} takes a record id of 15 or 18 letters and digits."));
        }

        return found;
    }

    private static string Code(FieldType type, object? value)
    {
        if (type.Kind == FieldKind.Choice) return "not-in-picklist";
        return type.Length is { } most && value is string text && text.Length > most ? "too-long" : "wrong-type";
    }

    private static FieldDescriptor? Find(IReadOnlyList<FieldDescriptor> fields, string path)
    {
        if (fields.FirstOrDefault(f => f.Name == path) is { } whole) return whole;
        var dot = path.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && fields.FirstOrDefault(f => f.Name == path[..dot]) is { } outer ? Find(outer.Type.Fields, path[(dot + 1)..]) : null;
    }

    private static PreviewFinding Error(string code, string message) => new(code, "error", message);
}
