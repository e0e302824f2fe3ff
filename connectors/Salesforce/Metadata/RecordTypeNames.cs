using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Salesforce.Metadata;

/// <summary>Record types named by developer name become ids: Salesforce takes no such name in a record.</summary>
internal sealed class RecordTypeNames(DescribeCache describes)
{
    /// <summary>The batch with ids; an unknown name stays as it is and is refused by Salesforce as a missing parent.</summary>
    public async Task<Outcome<WriteBatch>> ResolveAsync(WriteBatch batch, CancellationToken cancellationToken)
    {
        if (!batch.Items.Any(i => i.Fields.Values.Any(IsName))) return batch;
        var described = await describes.RecordTypesAsync(batch.Entity, batch.Priority, cancellationToken).ConfigureAwait(false);
        if (described.Error is { } error) return error;
        return batch with { Items = [.. batch.Items.Select(i => i with { Fields = Named(i.Fields, described.Value!) })] };
    }

    private static Dictionary<string, object?> Named(IReadOnlyDictionary<string, object?> fields, IReadOnlyDictionary<string, string> ids) =>
        fields.ToDictionary(f => f.Key, f => IsName(f.Value) && ids.TryGetValue((string)((ParentReference)f.Value!).Value, out var id) ? id : f.Value, StringComparer.Ordinal);

    private static bool IsName(object? value) => value is ParentReference { Entity: "RecordType", By: "DeveloperName", Value: string };
}
