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

    private readonly ConcurrentDictionary<string, (EntityDescriptor Entity, string? Since, DateTimeOffset At)> _known = new(StringComparer.Ordinal);

    /// <summary>What was said within the last hour, without asking again.</summary>
    public async Task<Outcome<EntityDescriptor>> RecentAsync(string entity, CallPriority priority, CancellationToken cancellationToken) =>
        _known.TryGetValue(entity, out var known) && time.GetUtcNow() - known.At < Fresh ? known.Entity : await GetAsync(entity, priority, cancellationToken).ConfigureAwait(false);

    /// <summary>Forgets an object: an answer has shown that it has changed.</summary>
    public void Forget(string entity) => _known.TryRemove(entity, out _);

    public async Task<Outcome<EntityDescriptor>> GetAsync(string entity, CallPriority priority, CancellationToken cancellationToken)
    {
        if (!SoqlName.IsName(entity)) return new OperationError(ErrorKind.Bug, "name", $"'{entity}' is no name of a Salesforce object.") { NotExecuted = true };
        var known = _known.TryGetValue(entity, out var cached) && cached.Since is not null;
        var outcome = await calls.Caller.SendAsync(
            CallPurpose.Read,
            token => calls.Api.DescribeAsync(calls.Version, entity, known ? cached.Since : null, priority, token),
            answer => Keep(entity, answer.Status == HttpStatusCode.NotModified ? (cached.Entity, cached.Since) : Read(answer, entity)),
            cancellationToken,
            accepts: status => known && status == HttpStatusCode.NotModified).ConfigureAwait(false);
        return outcome.Error is { } error ? SalesforceErrors.OfPath(error, entity) : outcome;
    }

    private Outcome<EntityDescriptor> Keep(string entity, (EntityDescriptor Entity, string? Since) described)
    {
        _known[entity] = (described.Entity, described.Since, time.GetUtcNow());
        return described.Entity;
    }

    private (EntityDescriptor Entity, string? Since) Read(RemoteAnswer answer, string entity)
    {
        using var document = JsonDocument.Parse(answer.Body);
        return (DescribeReader.Read(document.RootElement, catalogue.Entity(entity)), Since(answer));
    }

    /// <summary>What the next question may be conditional on; the vendor's own clock decides. Stamps are whole seconds: an object changed in this very second may change again within it, so it is asked in full.</summary>
    private static string? Since(RemoteAnswer answer)
    {
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        if (answer.Header("Last-Modified") is not { } modified) return answer.Headers.Date?.AddSeconds(-1).ToString("R", culture);
        var young = answer.Headers.Date is not { } now || !DateTimeOffset.TryParse(modified, culture, out var at) || now - at < TimeSpan.FromSeconds(2);
        return young ? null : modified;
    }
}
