using System.Net.Http.Headers;
using Refit;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.ServiceTitan;

/// <summary>ServiceTitan bound to one tenant.</summary>
internal sealed class ServiceTitanConnection : IConnection
{
    private const int ReadsAtOnce = 50;
    private const int WritesAtOnce = 8;
    private static readonly TimeSpan FeedNotRead = TimeSpan.FromHours(1);
    private readonly ServiceTitanSettings _settings;
    private readonly TimeProvider _time;
    private readonly HttpConnection _http;
    private readonly Session _session;
    private readonly RestCalls _rest;
    private readonly OperationTable _operations = new();

    public ServiceTitanConnection(ServiceTitanSettings settings, ConnectorContext context, Func<HttpMessageHandler>? transport)
    {
        _settings = settings;
        _time = context.Time;
        var options = new HttpConnectionOptions
        {
            BaseAddress = settings.BaseAddress,
            Origins = [settings.TokenAddress],
            Context = context,
            Secrets = [settings.ClientSecret, settings.AppKey, settings.ClientId, .. settings.WebhookKeys],
            Timeout = settings.Timeout,
            AllowPrivate = settings.AllowPrivate,
            Errors = ServiceTitanErrors.Read,
            Headers = headers =>
            {
                headers.Add("ST-App-Key", settings.AppKey);
                headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
            },
            Transport = transport,
        };
        _http = HttpConnectionFactory.Create(options, OAuthForm.Post(settings.TokenAddress, () =>
        [
            new("grant_type", "client_credentials"),
            new("client_id", settings.ClientId),
            new("client_secret", settings.ClientSecret),
        ]));
        _rest = new RestCalls(_http, settings.BaseAddress, ["ST-App-Key"]);
        _session = new Session(settings, context, RestService.For<IServiceTitanApi>(_http.Client), _http.Caller);
    }

    public async Task<Outcome<ConnectionInfo>> OpenAsync(CancellationToken cancellationToken)
    {
        var token = await _http.Tokens!.GetAsync(CallPriority.Live, cancellationToken).ConfigureAwait(false);
        if (token.Error is { } error) return error;
        return new ConnectionInfo($"servicetitan:{_settings.Tenant}", new RealmBudget { PerSecond = _settings.RatePerSecond });
    }

    public int MostItems(string entity, BatchKind kind) => kind switch
    {
        BatchKind.Read => ReadsAtOnce,
        _ => WritesAtOnce,
    };

    public async Task<BatchAnswer<ReadRows>> ReadAsync(ReadBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Conditions.Count == 0) return new BatchAnswer<ReadRows> { Calls = 0 };
        if (_session.Access(batch.Entity) is not { } access) return Answers.SharedFailure<ReadRows>(batch.Conditions.Count, Unknown(batch.Entity), 0);
        var answer = await _operations.Read(batch.Entity).ReadAsync(_session, access, batch, cancellationToken).ConfigureAwait(false);
        if (access.Wire.Survivor && Survivors.Wanted(batch)) answer = await Survivors.FillAsync(_session, access, answer, batch.Priority, cancellationToken).ConfigureAwait(false);
        return _http.Scrubber.Scrub(answer);
    }

    /// <summary>Only what the vendor counts itself; the engine reads and counts the rest.</summary>
    public async Task<BatchAnswer<ReadRows>> AggregateAsync(AggregateBatch batch, CancellationToken cancellationToken)
    {
        if (_session.Access(batch.Entity) is not { } access) return Answers.SharedFailure<ReadRows>(batch.Conditions.Count, Unknown(batch.Entity), 0);
        if (ListCount.Query(_session, access, batch) is { } query) return _http.Scrubber.Scrub(await ListCount.ReadAsync(_session, access, query, batch.Priority, cancellationToken).ConfigureAwait(false));
        return BatchAnswer<ReadRows>.Failed(new OperationError(ErrorKind.Misconfigured, "notSupported", $"Records of {batch.Entity} cannot be summed by ServiceTitan.") { NotExecuted = true }, 0);
    }

    public async Task<BatchAnswer<WriteResult>> WriteAsync(WriteBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Items.Count == 0) return new BatchAnswer<WriteResult> { Calls = 0 };
        if (_session.Access(batch.Entity) is not { } access) return Answers.SharedFailure<WriteResult>(batch.Items.Count, Unknown(batch.Entity), 0);
        if (_operations.Write(access.Entity, batch.Verb) is not { } operation) return Answers.SharedFailure<WriteResult>(batch.Items.Count, ServiceTitanErrors.NotYet($"{batch.Verb} of {batch.Entity}"), 0);
        var tally = new CallTally();
        // One request per row: ServiceTitan has no bulk form, and each row has its own answer.
        var items = await Answers.EachAsync(batch.Items, item => operation.WriteAsync(_session, access, item, batch.Priority, tally, cancellationToken)).ConfigureAwait(false);
        return _http.Scrubber.Scrub(new BatchAnswer<WriteResult> { Items = items, Calls = tally.Calls });
    }

    public async Task<BatchAnswer<IReadOnlyDictionary<string, object?>>> CallAsync(CallBatch batch, CancellationToken cancellationToken)
    {
        if (batch.Items.Count == 0) return new BatchAnswer<IReadOnlyDictionary<string, object?>> { Calls = 0 };
        if (RestCalls.Takes(batch.Operation)) return await _rest.CallAsync(batch, cancellationToken).ConfigureAwait(false);
        if (OperationTable.Call(batch.Operation) is not { } found) return Answers.SharedFailure<IReadOnlyDictionary<string, object?>>(batch.Items.Count, ServiceTitanErrors.NotYet($"The operation {batch.Operation}"), 0);
        var tally = new CallTally();
        var items = await Answers.EachAsync(batch.Items, with => found.Code.CallAsync(_session, found.Operation, with, batch.Priority, tally, cancellationToken)).ConfigureAwait(false);
        return _http.Scrubber.Scrub(new BatchAnswer<IReadOnlyDictionary<string, object?>> { Items = items, Calls = tally.Calls });
    }

    public async Task<Outcome<SourcePage>> PollAsync(PollRequest request, CancellationToken cancellationToken)
    {
        if (_session.Access(request.Entity) is not { } access) return Unknown(request.Entity);
        if (access.Wire.Feeds.GetValueOrDefault(request.Feed) is not { } feed) return new OperationError(ErrorKind.Misconfigured, "unknownFeed", $"{request.Entity} has no feed '{request.Feed}'.");
        if (_session.Settings.Feeds is { } read && !read.Contains(request.Feed)) return new SourcePage { Rows = [], Cursor = request.Cursor, Pause = FeedNotRead };
        return feed.Poll
            ? await PollList.PollAsync(_session, access, feed, request, cancellationToken).ConfigureAwait(false)
            : await PollExport.PollAsync(_session, access, feed, request, cancellationToken).ConfigureAwait(false);
    }

    public Outcome<IReadOnlyList<WebhookHint>> ReadWebhook(WebhookCall call) => WebhookReader.Read(_settings, call, _time.GetUtcNow());

    public Task<Outcome<EntityDescriptor>> DescribeAsync(string entity, CancellationToken cancellationToken) =>
        Task.FromResult(_session.Access(entity) is { } access ? Outcome<EntityDescriptor>.Of(access.Entity) : Unknown(entity));

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private static OperationError Unknown(string entity) => new(ErrorKind.Misconfigured, "unknownEntity", $"ServiceTitan has no entity '{entity}'.") { NotExecuted = true };
}
