using System.Collections.Concurrent;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.Salesforce.Streams;

/// <summary>Decoders by schema id. A schema never changes: a field more is another id.</summary>
internal sealed class EventDecoders(Func<string, CancellationToken, Task<string>> schema)
{
    private readonly ConcurrentDictionary<string, EventDecoder> _known = new(StringComparer.Ordinal);

    /// <exception cref="RecordFormatException">The schema cannot be read.</exception>
    public async Task<EventDecoder> GetAsync(string id, CancellationToken cancellationToken) =>
        _known.TryGetValue(id, out var decoder) ? decoder : _known.GetOrAdd(id, new EventDecoder(await schema(id, cancellationToken).ConfigureAwait(false)));
}
