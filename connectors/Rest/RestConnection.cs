using System.Net.Http.Headers;
using System.Text;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.Rest;

/// <summary>A REST API under one address.</summary>
internal sealed class RestConnection : IConnection
{
    private static readonly OperationError NoRecords = new(ErrorKind.Misconfigured, "notSupported", "A REST connection has no records of its own; call it by 'http'.") { NotExecuted = true };

    private readonly RestSettings _settings;
    private readonly HttpConnection _http;
    private readonly RestCalls _calls;

    public RestConnection(RestSettings settings, ConnectorContext context, Func<HttpMessageHandler>? transport)
    {
        _settings = settings;
        var options = new HttpConnectionOptions
        {
            BaseAddress = settings.BaseAddress, Context = context, Secrets = [settings.Secret, settings.ClientId], AllowPrivate = settings.AllowPrivate, Timeout = settings.Timeout,
            MostAnswerBytes = 8 * 1024 * 1024, Origins = settings.Auth == RestAuth.ClientCredentials ? [settings.TokenAddress] : [], Transport = transport,
        };
        _http = HttpConnectionFactory.Create(options, settings.Auth == RestAuth.ClientCredentials ? OAuthForm.Post(settings.TokenAddress, Credentials) : null);
        _calls = new RestCalls(_http, settings.BaseAddress, settings.Auth == RestAuth.Header ? [settings.KeyHeader] : [], SignIn);
    }

    public async Task<Outcome<ConnectionInfo>> OpenAsync(CancellationToken cancellationToken)
    {
        if (_http.Tokens is { } tokens && (await tokens.GetAsync(CallPriority.Live, cancellationToken).ConfigureAwait(false)).Error is { } error) return error;
        return new ConnectionInfo($"http:{_settings.BaseAddress.Authority}{_settings.BaseAddress.AbsolutePath.TrimEnd('/')}", _settings.Budget);
    }

    public int MostItems(string entity, BatchKind kind) => 1;

    public Task<BatchAnswer<IReadOnlyDictionary<string, object?>>> CallAsync(CallBatch batch, CancellationToken cancellationToken) => RestCalls.Takes(batch.Operation)
        ? _calls.CallAsync(batch, cancellationToken)
        : Task.FromResult(BatchAnswer<IReadOnlyDictionary<string, object?>>.Failed(NoRecords, 0));

    public Task<BatchAnswer<ReadRows>> ReadAsync(ReadBatch batch, CancellationToken cancellationToken) => Task.FromResult(BatchAnswer<ReadRows>.Failed(NoRecords, 0));

    public Task<BatchAnswer<WriteResult>> WriteAsync(WriteBatch batch, CancellationToken cancellationToken) => Task.FromResult(BatchAnswer<WriteResult>.Failed(NoRecords, 0));

    public Task<Outcome<SourcePage>> PollAsync(PollRequest request, CancellationToken cancellationToken) => Task.FromResult<Outcome<SourcePage>>(NoRecords);

    public Task<Outcome<EntityDescriptor>> DescribeAsync(string entity, CancellationToken cancellationToken) => Task.FromResult<Outcome<EntityDescriptor>>(NoRecords);

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private void SignIn(HttpRequestMessage message)
    {
        switch (_settings.Auth)
        {
            case RestAuth.Bearer:
                message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _settings.Secret);
                break;
            case RestAuth.Basic:
                message.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{_settings.Username}:{_settings.Secret}")));
                break;
            case RestAuth.Header:
                message.Headers.Remove(_settings.KeyHeader);
                message.Headers.TryAddWithoutValidation(_settings.KeyHeader, _settings.Secret);
                break;
        }
    }

    private List<KeyValuePair<string, string>> Credentials()
    {
        List<KeyValuePair<string, string>> form = [new("grant_type", "client_credentials"), new("client_id", _settings.ClientId), new("client_secret", _settings.Secret)];
        if (_settings.Scope.Length > 0) form.Add(new("scope", _settings.Scope));
        return form;
    }
}
