using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;
using WorkflowEngine.Salesforce.Api;

namespace WorkflowEngine.Salesforce.Sources;

/// <summary>
/// Asks Salesforce up to when all changes of an object are surely told (<c>latestDateCovered</c>): a transaction that stays open longer than any overlap stamps its rows at its beginning and shows them
/// at its end. Objects that are not replicated have no such time.
/// </summary>
internal sealed class CoveredTime(SalesforceCalls calls)
{
    // The vendor looks back thirty days, for deleted records fifteen.
    private static readonly TimeSpan Reach = TimeSpan.FromDays(29);
    private static readonly TimeSpan DeletedReach = TimeSpan.FromDays(14);

    // Shorter spans are refused.
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<string, bool> _without = new(StringComparer.Ordinal);

    /// <summary>The time up to which everything is told; null when the vendor has none for this object.</summary>
    /// <param name="entity">The object.</param>
    /// <param name="deleted">Of deletions, not of changes.</param>
    /// <param name="from">Where we stand.</param>
    /// <param name="until">The vendor's now.</param>
    /// <param name="priority">Who goes first when the budget is short.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<Outcome<DateTimeOffset?>> AskAsync(string entity, bool deleted, DateTimeOffset from, DateTimeOffset until, CallPriority priority, CancellationToken cancellationToken)
    {
        if (_without.ContainsKey(entity)) return Outcome<DateTimeOffset?>.Of(null);
        var oldest = until - (deleted ? DeletedReach : Reach);
        var start = from < oldest ? oldest : from > until - Shortest ? until - Shortest : from;
        var outcome = await calls.Caller.SendAsync(
            CallPurpose.Read, token => calls.Api.ReplicatedAsync(calls.Version, entity, deleted ? "deleted" : "updated", Text(start), Text(until), priority, token), Read, cancellationToken).ConfigureAwait(false);
        if (outcome.Error is not { Kind: ErrorKind.Rejected or ErrorKind.Misconfigured }) return outcome;
        _without[entity] = true;
        return Outcome<DateTimeOffset?>.Of(null);
    }

    private static Outcome<DateTimeOffset?> Read(RemoteAnswer answer)
    {
        var reader = new Utf8JsonReader(answer.Body.Span);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("latestDateCovered"u8)) continue;
            reader.Read();
            return Outcome<DateTimeOffset?>.Of(reader.TokenType == JsonTokenType.String && SalesforceTime.TryInstant(reader.GetString()!, out var covered) ? covered : null);
        }

        return Outcome<DateTimeOffset?>.Of(null);
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'+00:00'", CultureInfo.InvariantCulture);
}
