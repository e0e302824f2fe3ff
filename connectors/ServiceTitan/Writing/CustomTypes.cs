using System.Collections.Concurrent;
using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.ServiceTitan;

/// <summary>The custom field types of the tenant: values are written by type id, flows name them by name.</summary>
internal sealed class CustomTypes(Session session)
{
    private const int PageSize = 1000;
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);
    private static readonly RecordReader Reader = new([new FieldDescriptor { Name = "id", Type = FieldType.Of(FieldKind.Id) }, new FieldDescriptor { Name = "name", Type = FieldType.Of(FieldKind.Text) }]);
    private readonly ConcurrentDictionary<string, (DateTimeOffset At, IReadOnlyDictionary<string, string> Ids)> _kept = new();

    /// <summary>Ids by name.</summary>
    public async Task<Outcome<IReadOnlyDictionary<string, string>>> IdsAsync(string path, CallPriority priority, CancellationToken cancellationToken)
    {
        if (_kept.TryGetValue(path, out var kept) && session.Time.GetUtcNow() - kept.At < Fresh) return Outcome<IReadOnlyDictionary<string, string>>.Of(kept.Ids);
        var (rows, _, _) = await session.Lists.ReadAsync(session.Path(path), new Dictionary<string, string>(), Row, PageSize, priority, null, cancellationToken).ConfigureAwait(false);
        if (rows.Error is { } error) return error with { NotExecuted = true };
        var ids = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var row in rows.Value!)
        {
            if (row is { } && row.GetValueOrDefault("id") is string id && row.GetValueOrDefault("name") is string name) ids.TryAdd(name, id);
        }

        _kept[path] = (session.Time.GetUtcNow(), ids);
        return ids;
    }

    private static IReadOnlyDictionary<string, object?> Row(ref Utf8JsonReader reader) => Reader.Read(ref reader);
}
