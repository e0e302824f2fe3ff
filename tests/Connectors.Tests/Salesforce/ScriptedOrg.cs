using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Salesforce;

namespace WorkflowEngine.Connectors.Tests.Salesforce;

/// <summary>An org whose answers a test writes itself: for what a well-behaved org does not do.</summary>
internal sealed class ScriptedOrg : HttpMessageHandler
{
    public const string Secret = "s3cr3t-canary-value";

    public const string TokenPrefix = "00DTOKEN!canary-";

    private readonly Func<SentRequest, HttpResponseMessage> _answer;
    private readonly Lock _lock = new();
    private int _tokens;

    public ScriptedOrg(Func<SentRequest, HttpResponseMessage> answer)
    {
        _answer = answer;
    }

    public string Instance { get; set; } = "https://acme.my.salesforce.com";

    public List<SentRequest> Sent { get; } = [];

    public IEnumerable<SentRequest> Calls => Sent.Where(s => !s.Path.EndsWith("/token", StringComparison.Ordinal));

    public int Tokens => _tokens;

    public CountingGate Gate { get; } = new();

    public ShortWaits Time { get; } = new();

    public static HttpResponseMessage Json(string body, int status = 200) => new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    public static HttpResponseMessage Rows(params string[] records) => Json($$"""{"totalSize":{{records.Length}},"done":true,"records":[{{string.Join(',', records)}}]}""");

    public static HttpResponseMessage Error(string code, string message, int status = 400, string fields = "") => Json($$"""[{"errorCode":"{{code}}","message":{{System.Text.Json.JsonSerializer.Serialize(message)}},"fields":[{{fields}}]}]""", status);

    public IConnection Connect(IReadOnlyList<EntityDescriptor>? more = null, Dictionary<string, string>? settings = null)
    {
        var connector = new SalesforceConnector(() => this);
        var given = new ConnectionSettings
        {
            Name = "org",
            Connector = "salesforce",
            Settings = new Dictionary<string, string>(settings ?? []) { ["baseAddress"] = "https://acme.my.salesforce.com" },
            Secrets = new Dictionary<string, string> { ["clientId"] = "consumer-key-canary", ["clientSecret"] = Secret },
        };
        Assert.Empty(connector.Validate(given));
        var entities = connector.Descriptor.Entities.Select(e => more?.FirstOrDefault(m => m.Name == e.Name) ?? e).Concat(more?.Where(m => connector.Descriptor.Entity(m.Name) is null) ?? []);
        return connector.Connect(given, new ConnectorContext { Time = Time, Gate = Gate, Entities = [.. entities] });
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        var address = request.RequestUri!;
        var query = address.Query.StartsWith("?q=", StringComparison.Ordinal) ? Uri.UnescapeDataString(address.Query[3..]) : address.Query;
        var sent = new SentRequest(request.Method.Method, address.Host, address.AbsolutePath, query, address.PathAndQuery.Length, body, request.Headers.ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase));
        lock (_lock) Sent.Add(sent);
        if (!sent.Path.EndsWith("/services/oauth2/token", StringComparison.Ordinal)) return _answer(sent);
        var number = Interlocked.Increment(ref _tokens);
        return Json($$"""{"access_token":"{{TokenPrefix}}{{number}}","instance_url":"{{Instance}}","id":"https://login.salesforce.com/id/00D5e000000AbCd/0055e000000RepAAAA","token_type":"Bearer","issued_at":"1764000000000","signature":"x"}""");
    }
}

/// <summary>A request as it arrived.</summary>
internal sealed record SentRequest(string Method, string Host, string Path, string Query, int AddressLength, string Body, IReadOnlyDictionary<string, string> Headers);

/// <summary>A budget that lets everything pass and counts.</summary>
internal sealed class CountingGate : ICallGate
{
    public int Entered { get; private set; }

    public (long Used, long Limit)? Seen { get; private set; }

    public List<CallPriority> Priorities { get; } = [];

    public List<TimeSpan> Pauses { get; } = [];

    public ValueTask<OperationError?> EnterAsync(CallPriority priority, CancellationToken cancellationToken)
    {
        lock (Priorities)
        {
            Entered++;
            Priorities.Add(priority);
        }

        return ValueTask.FromResult<OperationError?>(null);
    }

    public void Observe(long used, long limit) => Seen = (used, limit);

    public void Pause(TimeSpan pause) => Pauses.Add(pause);
}

/// <summary>A clock on which short waits end at once; it moves only when told to.</summary>
internal sealed class ShortWaits() : FakeTimeProvider(new DateTimeOffset(2026, 3, 14, 12, 0, 0, TimeSpan.Zero))
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        dueTime >= TimeSpan.Zero && dueTime < TimeSpan.FromSeconds(3) ? System.CreateTimer(callback, state, TimeSpan.Zero, period) : base.CreateTimer(callback, state, dueTime, period);
}
