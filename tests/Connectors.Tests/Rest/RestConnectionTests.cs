using System.Collections.Concurrent;
using System.Net;
using System.Text;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Rest;

namespace WorkflowEngine.Connectors.Tests.Rest;

/// <summary>What goes out on the wire by the activity <c>http</c>, and what comes back.</summary>
public sealed class RestConnectionTests
{
    private const string Secret = "canary-5f1c9a77";

    private readonly ConcurrentQueue<(string Line, string Headers, string? Body)> _sent = new();
    private readonly RecordingGate _gate = new();
    private Func<HttpRequestMessage, HttpResponseMessage> _answer = _ => Json(HttpStatusCode.OK, "{}");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_carries_path_parameters_headers_and_body_and_gives_back_status_and_values()
    {
        _answer = _ => Json(HttpStatusCode.Created, """{"id":9007199254740993,"total":12.50,"ok":true,"lines":[{"n":1}],"none":null}""");
        await using var connection = Connect(Settings());
        var answer = await CallAsync(connection, "POST", ("path", "/invoices/a b"), ("parameters.page", 2L), ("parameters.since", new DateOnly(2026, 3, 1)), ("headers.X-Trace", "t1"), ("once.Idempotency-Key", "k-1"),
            ("body", new Dictionary<string, object?> { ["amount"] = 0.10m, ["note"] = null }));
        var (line, headers, body) = Assert.Single(_sent);
        Assert.Equal("POST https://api.example.com/v2/invoices/a%20b?page=2&since=2026-03-01", line);
        Assert.Contains("X-Trace: t1", headers, StringComparison.Ordinal);
        Assert.Contains("Idempotency-Key: k-1", headers, StringComparison.Ordinal);
        Assert.Equal("""{"amount":0.10,"note":null}""", body);
        Assert.Equal(201L, answer.Value!["status"]);
        var values = Assert.IsType<IReadOnlyDictionary<string, object?>>(answer.Value["body"], exactMatch: false);
        Assert.Equal("9007199254740993", values["id"]);
        Assert.Equal(true, values["ok"]);
        Assert.Equal(CallPriority.Live, Assert.Single(_gate.Entered));
    }

    [Theory]
    [InlineData("../admin")]
    [InlineData("/a/../../b")]
    [InlineData("a/%2e%2e/b")]
    [InlineData("a?b=1")]
    [InlineData("a#b")]
    [InlineData("a\\b")]
    public async Task A_path_that_leaves_the_connections_address_is_refused_and_nothing_is_sent(string path)
    {
        await using var connection = Connect(Settings());
        Assert.Equal("badRequest", (await CallAsync(connection, "GET", ("path", path))).Error?.Code);
        Assert.Empty(_sent);
    }

    [Theory]
    [InlineData("https://evil.example/x", "GET https://api.example.com/v2/https://evil.example/x")]
    [InlineData("//evil.example/x", "GET https://api.example.com/v2/evil.example/x")]
    [InlineData("@evil.example", "GET https://api.example.com/v2/@evil.example")]
    public async Task A_path_that_looks_like_another_address_stays_below_the_connections(string path, string line)
    {
        await using var connection = Connect(Settings());
        Assert.Null((await CallAsync(connection, "GET", ("path", path))).Error);
        Assert.Equal(line, Assert.Single(_sent).Line);
    }

    [Theory]
    [InlineData("Authorization", "Bearer x")]
    [InlineData("host", "evil.example")]
    [InlineData("X-Key", "mine")]
    [InlineData("X-Split", "a\r\nHost: evil.example")]
    [InlineData("X-Word", "größe")]
    [InlineData("Bad Name", "x")]
    [InlineData("Content-Type", "no type")]
    public async Task A_header_that_is_the_connections_own_or_none_is_refused(string name, string value)
    {
        await using var connection = Connect(Settings("header", ("keyHeader", "X-Key")));
        Assert.Equal("badRequest", (await CallAsync(connection, "GET", ("path", "a"), ("headers." + name, value))).Error?.Code);
        Assert.Empty(_sent);
    }

    [Theory]
    [InlineData("bearer", "Authorization: Bearer " + Secret)]
    [InlineData("basic", "Authorization: Basic a2ltOmNhbmFyeS01ZjFjOWE3Nw==")]
    [InlineData("header", "X-Api-Key: " + Secret)]
    public async Task Each_way_to_sign_in_is_put_on_the_call(string auth, string header)
    {
        await using var connection = Connect(Settings(auth));
        Assert.Null((await CallAsync(connection, "GET", ("path", "a"))).Error);
        Assert.Contains(header, Assert.Single(_sent).Headers, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_credentials_fetch_a_token_once_for_many_calls()
    {
        _answer = request => request.RequestUri!.Host == "login.example.com" ? Json(HttpStatusCode.OK, """{"access_token":"granted","expires_in":900}""") : Json(HttpStatusCode.OK, "{}");
        await using var connection = Connect(Settings("clientCredentials", ("tokenAddress", "https://login.example.com/token"), ("scope", "read")));
        for (var i = 0; i < 3; i++) Assert.Null((await CallAsync(connection, "GET", ("path", "a"))).Error);
        Assert.Equal(4, _sent.Count);
        var token = _sent.First();
        Assert.Equal("POST https://login.example.com/token", token.Line);
        Assert.Equal($"grant_type=client_credentials&client_id=client-1&client_secret={Secret}&scope=read", token.Body);
        Assert.All(_sent.Skip(1), s => Assert.Contains("Authorization: Bearer granted", s.Headers, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GET", HttpStatusCode.NotFound, ErrorKind.Rejected)]
    [InlineData("GET", HttpStatusCode.Forbidden, ErrorKind.Misconfigured)]
    [InlineData("POST", HttpStatusCode.UnprocessableEntity, ErrorKind.Rejected)]
    [InlineData("POST", HttpStatusCode.TooManyRequests, ErrorKind.RateLimited)]
    [InlineData("GET", HttpStatusCode.Unauthorized, ErrorKind.Authentication)]
    [InlineData("POST", HttpStatusCode.InternalServerError, ErrorKind.UnknownOutcome)]
    public async Task A_refusal_is_an_error_with_its_kind_and_without_the_secret(string method, HttpStatusCode status, ErrorKind kind)
    {
        _answer = _ => Json(status, $$"""{"message":"no, {{Secret}}"}""");
        await using var connection = Connect(Settings("bearer"));
        var error = (await CallAsync(connection, method, ("path", "a"))).Error!;
        Assert.Equal(kind, error.Kind);
        Assert.DoesNotContain(Secret, error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("application/json", "{", true)]
    [InlineData("application/json", "{} x", true)]
    [InlineData("text/plain", "plain", false)]
    [InlineData("application/problem+json", "{\"a\":1}", false)]
    public async Task A_body_that_is_no_json_where_it_says_so_is_malformed_and_other_text_is_text(string type, string body, bool malformed)
    {
        _answer = _ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, type) };
        await using var connection = Connect(Settings());
        var answer = await CallAsync(connection, "PUT", ("path", "a"));
        Assert.Equal(malformed, answer.Error is not null);
        if (type == "text/plain") Assert.Equal("plain", answer.Value!["body"]);
    }

    [Fact]
    public void Every_mistake_in_the_settings_is_told_at_once()
    {
        var problems = new RestConnector().Validate(new ConnectionSettings
        {
            Name = "billing",
            Connector = "http",
            Settings = new Dictionary<string, string> { ["baseAddress"] = "http://api.example.com?x=1", ["auth"] = "basic", ["timeout"] = "0", ["allowPrivate"] = "maybe", ["colour"] = "red" },
            Secrets = new Dictionary<string, string> { ["pin"] = "1" },
        });
        Assert.Equal(
            ["secrets.password", "secrets.pin", "settings.allowPrivate", "settings.baseAddress", "settings.colour", "settings.timeout", "settings.username"],
            problems.Select(p => p.Path).Order(StringComparer.Ordinal));
    }

    private static ConnectionSettings Settings(string auth = "none", params (string Name, string Value)[] more) => new()
    {
        Name = "billing",
        Connector = "http",
        Settings = new Dictionary<string, string>(more.Select(m => KeyValuePair.Create(m.Name, m.Value))) { ["baseAddress"] = "https://api.example.com/v2", ["auth"] = auth, ["username"] = "kim" },
        Secrets = new Dictionary<string, string> { ["token"] = Secret, ["password"] = Secret, ["apiKey"] = Secret, ["clientId"] = "client-1", ["clientSecret"] = Secret },
    };

    private IConnection Connect(ConnectionSettings settings)
    {
        var connector = new RestConnector(() => new Stub(this));
        Assert.Empty(connector.Validate(settings));
        return connector.Connect(settings, new ConnectorContext { Time = new StepClock(), Gate = _gate });
    }

    private static async Task<Outcome<IReadOnlyDictionary<string, object?>>> CallAsync(IConnection connection, string method, params (string Name, object? Value)[] with)
    {
        var answer = await connection.CallAsync(new CallBatch { Operation = method, Items = [with.ToDictionary(w => w.Name, w => w.Value)], Priority = CallPriority.Live }, Cancel);
        return answer.CallError is { } error ? error : Assert.Single(answer.Items);
    }

    private static HttpResponseMessage Json(HttpStatusCode status, string body) => new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private sealed class Stub(RestConnectionTests test) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.Content is { } content ? await content.ReadAsStringAsync(cancellationToken) : null;
            test._sent.Enqueue(($"{request.Method} {request.RequestUri!.AbsoluteUri}", request.Headers.ToString(), body));
            return test._answer(request);
        }
    }
}
