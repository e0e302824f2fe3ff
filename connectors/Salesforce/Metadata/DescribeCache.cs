using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;
using WorkflowEngine.Salesforce.Api;
using WorkflowEngine.Salesforce.Errors;
using WorkflowEngine.Salesforce.Soql;

namespace WorkflowEngine.Salesforce.Metadata;

/// <summary>What the org says about its objects; asked again only for what has changed since.</summary>
internal sealed class DescribeCache(SalesforceCalls calls, ConnectorDescriptor catalogue, TimeProvider time)
{
    // Polls need the fields' names again and again; a field that goes away in between makes itself known.
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <summary>What was said within the last hour, without asking again.</summary>
    public async Task<Outcome<EntityDescriptor>> RecentAsync(string entity, CallPriority priority, CancellationToken cancellationToken) =>
        _known.TryGetValue(entity, out var known) && time.GetUtcNow() - known.At < Fresh ? known.Entity : await GetAsync(entity, priority, cancellationToken).ConfigureAwait(false);

    /// <summary>The object's record types: developer names with ids. Asked again when an hour old.</summary>
    public async Task<Outcome<IReadOnlyDictionary<string, string>>> RecordTypesAsync(string entity, CallPriority priority, CancellationToken cancellationToken)
    {
        var described = await RecentAsync(entity, priority, cancellationToken).ConfigureAwait(false);
        if (described.Error is { } error) return error;
        return Outcome<IReadOnlyDictionary<string, string>>.Of(_known.TryGetValue(entity, out var known) ? known.RecordTypes : new Dictionary<string, string>());
    }

    /// <summary>Forgets an object: an answer has shown that it has changed.</summary>
    public void Forget(string entity) => _known.TryRemove(entity, out _);

    public async Task<Outcome<EntityDescriptor>> GetAsync(string entity, CallPriority priority, CancellationToken cancellationToken)
    {
        if (!SoqlName.IsName(entity)) return new OperationError(ErrorKind.Bug, "name", $"'{entity}' is no name of a Salesforce object.") { NotExecuted = true };
        var cached = _known.GetValueOrDefault(entity);
        var known = cached?.Since is not null;
        var outcome = await calls.Caller.SendAsync(
            CallPurpose.Read,
            token => calls.Api.DescribeAsync(calls.Version, entity, known ? cached!.Since : null, priority, token),
            answer => Keep(entity, answer.Status == HttpStatusCode.NotModified ? cached! : Read(answer, entity)),
            cancellationToken,
            accepts: status => known && status == HttpStatusCode.NotModified).ConfigureAwait(false);
        return outcome.Error is { } error ? SalesforceErrors.OfPath(error, entity) : outcome;
    }

    private Outcome<EntityDescriptor> Keep(string entity, Known described)
    {
        _known[entity] = described with { At = time.GetUtcNow() };
        return described.Entity;
    }

    private Known Read(RemoteAnswer answer, string entity)
    {
        using var document = JsonDocument.Parse(answer.Body);
        return new Known(DescribeReader.Read(document.RootElement, catalogue.Entity(entity)), DescribeReader.RecordTypes(document.RootElement), Since(answer), default);
    }

    /// <summary>What the next question may be conditional on; the vendor's own clock decides. Stamps are whole seconds: an object changed in this very second may change again within it, so it is asked in full.</summary>
    private static string? Since(RemoteAnswer answer)
    {
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        if (answer.Header("Last-Modified") is not { } modified) return answer.Headers.Date?.AddSeconds(-1).ToString("R", culture);
        var young = answer.Headers.Date is not { } now || !DateTimeOffset.TryParse(modified, culture, out var at) || now - at < TimeSpan.FromSeconds(2);
        return young ? null : modified;
    }

    private sealed record Known(EntityDescriptor Entity, IReadOnlyDictionary<string, string> RecordTypes, string? Since, DateTimeOffset At);
}
