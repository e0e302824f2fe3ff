using System.Net.Http.Headers;
using Refit;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;
using WorkflowEngine.Salesforce.Api;
using WorkflowEngine.Salesforce.Bulk;
using WorkflowEngine.Salesforce.Errors;
using WorkflowEngine.Salesforce.Metadata;
using WorkflowEngine.Salesforce.Reads;
using WorkflowEngine.Salesforce.Soap;
using WorkflowEngine.Salesforce.Sources;
using WorkflowEngine.Salesforce.Streams;
using WorkflowEngine.Salesforce.Writes;

namespace WorkflowEngine.Salesforce;

/// <summary>A connection to one org.</summary>
internal sealed class SalesforceConnection : IConnection
{
    private const int MostMerges = 50;

    private readonly SalesforceSettings _settings;
    private readonly HttpConnection _http;
    private readonly SalesforceCalls _calls;
    private readonly RestCalls _rest;
    private readonly QueryPages _pages;
    private readonly OrgSchema _schema;
    private readonly DescribeCache _describes;
    private readonly ModifiedPoll _modified;
    private readonly RecordTypeNames _recordTypes;
    private readonly ChangeFeed? _changes;
    private AccessToken? _opened;

    public SalesforceConnection(SalesforceSettings settings, ConnectorContext context, ConnectorDescriptor descriptor, Func<HttpMessageHandler>? transport)
    {
        _settings = settings;
        var entities = context.Entities.Count > 0 ? context.Entities : descriptor.Entities;
        _schema = new OrgSchema(entities, settings.PhoneFields);
        var options = new HttpConnectionOptions
        {
            BaseAddress = settings.BaseAddress,
            Context = context,
            Secrets = [settings.ClientSecret, settings.RefreshToken, settings.PrivateKey, settings.ClientId],
            Timeout = settings.Timeout,
            AllowPrivate = settings.AllowPrivate,
            Errors = SalesforceErrors.OfAnswer,
            Observe = LimitInfo.Observe,
            Headers = AddHeaders,
            Authorize = Authorize,
            Transport = transport,
        };
        var request = SalesforceToken.Request(settings, context.Time);
        _http = HttpConnectionFactory.Create(options, async (client, caller, priority, cancellationToken) => Checked(await request(client, caller, priority, cancellationToken).ConfigureAwait(false)));
        _calls = new SalesforceCalls(RestService.For<ISalesforceApi>(_http.Client), _http.Caller, settings.ApiVersion);
        _rest = new RestCalls(_http, settings.BaseAddress, []);
        _pages = new QueryPages(_calls, _http.Hosts);
        _describes = new DescribeCache(_calls, descriptor, context.Time);
        _recordTypes = new RecordTypeNames(_describes);
        _modified = new ModifiedPoll(_pages, _schema, _describes, new CoveredTime(_calls), settings.PollOverlap, context.Time);
        BulkWrites = new BulkWrites(_calls, _schema, _recordTypes, _http.Scrubber);
        BulkReads = new BulkReads(_calls, _schema, _http.Scrubber);
        if (settings.ChangeEvents) _changes = new ChangeFeed(settings, _http.Tokens!, _http.Scrubber, context.Gate, _modified, context.Time);
    }

    /// <summary>For what set-up does beside the engine's own operations.</summary>
    public SalesforceCalls Calls => _calls;

    /// <summary>What the connection knows of its objects.</summary>
    public OrgSchema Schema => _schema;

    /// <inheritdoc/>
    public IBulkWrites? BulkWrites { get; }

    /// <inheritdoc/>
    public IBulkReads? BulkReads { get; }

    /// <inheritdoc/>
    public IOrgSetup Setup => new SalesforceSetup(this);

    /// <summary>What was said of an object may hold no more.</summary>
    public void Forget(string entity) => _describes.Forget(entity);

    /// <summary>The user the connection acts as; null before it was opened.</summary>
    public string? UserId => _opened is { } token ? SalesforceToken.User(token) : null;

    /// <inheritdoc/>
    public async Task<Outcome<ConnectionInfo>> OpenAsync(CancellationToken cancellationToken)
    {
        // Asked again after a refusal: the old token must not answer for the new credentials.
        if (_opened is { } old) _http.Tokens!.Refuse(old);
        var outcome = await _http.Tokens!.GetAsync(CallPriority.Live, cancellationToken).ConfigureAwait(false);
        if (outcome.Error is { } error) return error;
        if (SalesforceToken.Org(outcome.Value!) is not { } org)
        {
            return new OperationError(ErrorKind.Misconfigured, "malformed", "The token's answer names no org (its 'id' was expected to end in /id/<org>/<user>).");
        }

        _opened = outcome.Value;
        return new ConnectionInfo("salesforce:" + org, _settings.Budget);
    }

    /// <inheritdoc/>
    public int MostItems(string entity, BatchKind kind) => kind switch
    {
        BatchKind.Call => 1,
        BatchKind.Aggregate => CompositeQueries.Most,
        // A merge may need more than one request.
        BatchKind.Merge => MostMerges,
        _ => WriteOperation.MostRows,
    };

    /// <inheritdoc/>
    public async Task<BatchAnswer<ReadRows>> ReadAsync(ReadBatch batch, CancellationToken cancellationToken) => _http.Scrubber.Scrub(
        batch.Deleted ? await new DeletedOperation(_pages, _schema, batch).RunAsync(cancellationToken).ConfigureAwait(false) : await new ReadOperation(_pages, _schema, batch).RunAsync(cancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public async Task<BatchAnswer<ReadRows>> AggregateAsync(AggregateBatch batch, CancellationToken cancellationToken) => _http.Scrubber.Scrub(await new AggregateOperation(_pages, _schema, batch).RunAsync(cancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    public async Task<BatchAnswer<WriteResult>> WriteAsync(WriteBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Verb == WriteVerb.Merge) return _http.Scrubber.Scrub(await new MergeOperation(_calls, _pages, _schema, Soap, batch).RunAsync(cancellationToken).ConfigureAwait(false));
        if (batch.Verb == WriteVerb.Restore) return _http.Scrubber.Scrub(await new RestoreOperation(_pages, _schema, Soap, batch).RunAsync(cancellationToken).ConfigureAwait(false));
        var named = await _recordTypes.ResolveAsync(batch, cancellationToken).ConfigureAwait(false);
        if (named.Error is { } error) return BatchAnswer<WriteResult>.Failed(error, 0);
        var answer = await new WriteOperation(_calls, _schema, named.Value!).RunAsync(cancellationToken).ConfigureAwait(false);
        return _http.Scrubber.Scrub(await new MergedRecords(_pages, _schema).FollowAsync(batch, answer, cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public Task<BatchAnswer<IReadOnlyDictionary<string, object?>>> CallAsync(CallBatch batch, CancellationToken cancellationToken) => RestCalls.Takes(batch.Operation)
        ? _rest.CallAsync(batch, cancellationToken)
        : Task.FromResult(BatchAnswer<IReadOnlyDictionary<string, object?>>.Failed(new OperationError(ErrorKind.Misconfigured, "operation", $"Salesforce has no operation '{batch.Operation}'.") { NotExecuted = true }, 0));

    /// <inheritdoc/>
    public Task<Outcome<SourcePage>> PollAsync(PollRequest request, CancellationToken cancellationToken) =>
        _changes is not null && request.Feed == ModifiedPoll.Feed ? _changes.PollAsync(request, cancellationToken) : _modified.PollAsync(request, cancellationToken);

    /// <inheritdoc/>
    public Task<Outcome<EntityDescriptor>> DescribeAsync(string entity, CancellationToken cancellationToken) => _describes.GetAsync(entity, CallPriority.Live, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_changes is not null) await _changes.DisposeAsync().ConfigureAwait(false);
        _http.Dispose();
    }

    private SoapCalls Soap => new(_calls, _http.Tokens!, _settings.ClientName);

    private void AddHeaders(HttpRequestHeaders headers)
    {
        headers.Accept.ParseAdd("application/json");
        // Change events of our own writes carry this name: whoever listens can tell them apart.
        headers.Add("Sforce-Call-Options", "client=" + _settings.ClientName);
    }

    // Calls go to the instance the token names: it may change from token to token.
    private void Authorize(HttpRequestMessage request, AccessToken token)
    {
        if (request.Content is SoapContent envelope) request.Content = envelope.With(token.Value);
        else request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Value);
        if (SalesforceToken.Instance(token, _settings) is { } instance && request.RequestUri is { } address) request.RequestUri = new Uri(instance, address.PathAndQuery);
    }

    private Outcome<AccessToken> Checked(Outcome<AccessToken> outcome)
    {
        if (!outcome.Succeeded) return outcome;
        if (SalesforceToken.Instance(outcome.Value!, _settings) is not { } instance)
        {
            return new OperationError(ErrorKind.Misconfigured, "outboundRefused", "The token's answer sends us to a host that is not Salesforce's.") { NotExecuted = true };
        }

        _http.Hosts.Add(instance);
        return outcome;
    }
}
