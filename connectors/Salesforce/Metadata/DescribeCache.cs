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
internal sealed class DescribeCache(SalesforceCalls calls, ConnectorDescriptor catalogue)
{
    private readonly ConcurrentDictionary<string, (EntityDescriptor Entity, string Since)> _known = new(StringComparer.Ordinal);

    public async Task<Outcome<EntityDescriptor>> GetAsync(string entity, CancellationToken cancellationToken)
    {
        if (!SoqlName.IsName(entity)) return new OperationError(ErrorKind.Bug, "name", $"'{entity}' is no name of a Salesforce object.") { NotExecuted = true };
        var known = _known.TryGetValue(entity, out var cached);
        var outcome = await calls.Caller.SendAsync(
            CallPurpose.Read,
            token => calls.Api.DescribeAsync(calls.Version, entity, known ? cached.Since : null, CallPriority.Live, token),
            answer => answer.Status == HttpStatusCode.NotModified ? cached.Entity : Read(answer, entity),
            cancellationToken,
            accepts: status => known && status == HttpStatusCode.NotModified).ConfigureAwait(false);
        return outcome.Error is { } error ? SalesforceErrors.OfPath(error, entity) : outcome;
    }

    private Outcome<EntityDescriptor> Read(RemoteAnswer answer, string entity)
    {
        using var document = JsonDocument.Parse(answer.Body);
        var described = DescribeReader.Read(document.RootElement, catalogue.Entity(entity));
        // The vendor's own clock decides what is newer.
        var since = answer.Header("Last-Modified") ?? answer.Headers.Date?.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        if (since is not null) _known[entity] = (described, since);
        return described;
    }
}
