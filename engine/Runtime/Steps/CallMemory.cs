using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>What is kept of a call's output with its key: ids, numbers, times. Texts are not: a link stands in the database as it is.</summary>
internal static class CallMemory
{
    public static string Write(OperationDescriptor operation, IReadOnlyDictionary<string, object?> output)
    {
        var kept = operation.Output.Where(f => !f.Sensitive && f.Type.Kind is FieldKind.Id or FieldKind.Boolean or FieldKind.Integer or FieldKind.Decimal or FieldKind.Date or FieldKind.Instant && output.GetValueOrDefault(f.Name) is not null)
            .ToDictionary(f => f.Name, f => output[f.Name], StringComparer.Ordinal);
        return Convert.ToBase64String(Payload.Encode(kept));
    }

    public static IReadOnlyDictionary<string, object?> Read(string text) => (IReadOnlyDictionary<string, object?>)Payload.Decode(Convert.FromBase64String(text))!;
}
