using System.Collections.Concurrent;
using System.Net;
using System.Text;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.Connectors.Tests.Http;

public sealed class CallChainTests : IDisposable
{
    private readonly StepClock _clock = new();
    private readonly RecordingGate _gate = new();
    private readonly ConcurrentQueue<string> _authorizations = new();
    private readonly ConcurrentQueue<string> _bodies = new();
    private readonly TaskCompletionSource _tokensGo = new();
    private int _tokens;
    private Func<HttpRequestMessage, HttpResponseMessage> _answer = _ => Json("{}");
    private bool _holdTokens;
    private readonly long _mostBytes = 1024;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_calls_that_need_a_token_make_one_token_request()
    {
        _holdTokens = true;
        using var connection = Connect();
        var calls = Enumerable.Range(0, 20).Select(_ => GetAsync(connection)).ToList();
        _tokensGo.SetResult();
        Assert.All(await Task.WhenAll(calls), o => Assert.Null(o.Error));
        Assert.Equal(1, _tokens);
    }

    [Fact]
    public async Task A_token_is_renewed_before_it_ends()
    {
        using var connection = Connect();
        await GetAsync(connection);
        _clock.Advance(TimeSpan.FromSeconds(839));
        await GetAsync(connection);
        Assert.Equal(1, _tokens);
        _clock.Advance(TimeSpan.FromSeconds(2));
        await GetAsync(connection);
        Assert.Equal(2, _tokens);
    }

    [Fact]
    public async Task A_refused_token_is_replaced_once_and_the_body_is_sent_again_whole()
    {
        var refused = 0;
        _answer = _ => Interlocked.Increment(ref refused) == 1 ? new HttpResponseMessage(HttpStatusCode.Unauthorized) : Json("{}");
        using var connection = Connect();
        var outcome = await connection.Caller.SendAsync(CallPurpose.Create, async token =>
        {
            using var content = new StringContent("{\"a\":1}");
            return await connection.Client.PostAsync("x", content, token);
        }, Cancel);
        Assert.Null(outcome.Error);
        Assert.Equal(["Bearer token-1", "Bearer token-2"], _authorizations);
        Assert.Equal(["{\"a\":1}", "{\"a\":1}"], _bodies);
        // Two tokens, two calls: each asked for its place.
        Assert.Equal(4, _gate.Entered.Count);
    }

    [Fact]
    public async Task An_answer_beyond_the_bound_is_refused_whether_or_not_it_says_its_size()
    {
        using var connection = Connect();
        _answer = _ => Json("\"" + new string('x', 5000) + "\"");
        Assert.Equal("tooLarge", (await GetAsync(connection)).Error?.Code);
        _answer = _ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new Endless()) };
        Assert.Equal("tooLarge", (await GetAsync(connection)).Error?.Code);
    }

    [Fact]
    public async Task A_client_that_buffers_is_held_to_the_bound_too()
    {
        using var connection = Connect();
        _answer = _ => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new Endless()) };
        var outcome = await connection.Caller.SendAsync(CallPurpose.Read, token => connection.Client.GetAsync("x", token), Cancel);
        Assert.Equal("tooLarge", outcome.Error?.Code);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        _answer = _ => new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri("http://169.254.169.254/") } };
        using var connection = Connect();
        Assert.Equal(ErrorKind.Misconfigured, (await GetAsync(connection)).Error?.Kind);
    }

    [Theory]
    [InlineData(HttpStatusCode.BadGateway, CallPurpose.Read, ErrorKind.Transient)]
    [InlineData(HttpStatusCode.BadGateway, CallPurpose.RepeatableWrite, ErrorKind.Transient)]
    [InlineData(HttpStatusCode.BadGateway, CallPurpose.Create, ErrorKind.UnknownOutcome)]
    [InlineData(HttpStatusCode.GatewayTimeout, CallPurpose.Create, ErrorKind.UnknownOutcome)]
    [InlineData(HttpStatusCode.BadRequest, CallPurpose.Create, ErrorKind.Rejected)]
    [InlineData(HttpStatusCode.Forbidden, CallPurpose.Create, ErrorKind.Misconfigured)]
    [InlineData(HttpStatusCode.NotFound, CallPurpose.Read, ErrorKind.Misconfigured)]
    [InlineData(HttpStatusCode.Conflict, CallPurpose.Create, ErrorKind.Conflict)]
    [InlineData(HttpStatusCode.RequestEntityTooLarge, CallPurpose.Create, ErrorKind.BatchScoped)]
    public async Task A_status_decides_the_kind(HttpStatusCode status, CallPurpose purpose, ErrorKind kind)
    {
        _answer = _ => new HttpResponseMessage(status);
        using var connection = Connect();
        var outcome = await connection.Caller.SendAsync(purpose, token => connection.Client.GetAsync("x", token), Cancel);
        Assert.Equal(kind, outcome.Error?.Kind);
    }

    [Theory]
    [InlineData("[{\"message\":\"Foreign key external ID: 1 not fo", "application/json", ErrorKind.Transient)]
    [InlineData("[{\"message\":\"No.\"}]", "application/json", ErrorKind.Rejected)]
    [InlineData("<html>Bad Request</html>", "text/html", ErrorKind.Rejected)]
    [InlineData("Bad Request", "application/json", ErrorKind.Rejected)]
    [InlineData("", "application/json", ErrorKind.Rejected)]
    public async Task A_refusal_whose_words_came_broken_is_asked_again_and_blamed_on_no_record(string body, string type, ErrorKind kind)
    {
        _answer = _ => new HttpResponseMessage(HttpStatusCode.BadRequest) { Content = new StringContent(body, Encoding.UTF8, type) };
        using var connection = Connect();
        var error = (await connection.Caller.SendAsync(CallPurpose.Create, token => connection.Client.GetAsync("x", token), Cancel)).Error!;
        Assert.Equal((kind, true), (error.Kind, error.NotExecuted));
    }

    [Fact]
    public async Task A_server_that_names_a_time_with_503_did_nothing()
    {
        _answer = _ => new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Headers = { { "Retry-After", "30" } } };
        using var connection = Connect();
        var outcome = await connection.Caller.SendAsync(CallPurpose.Create, token => connection.Client.GetAsync("x", token), Cancel);
        Assert.Equal((ErrorKind.Transient, true, 30d), (outcome.Error!.Kind, outcome.Error.NotExecuted, outcome.Error.RetryAfter!.Value.TotalSeconds));
    }

    [Theory]
    [InlineData("0", 0, 0)]
    [InlineData("Mon, 14 Sep 2026 12:00:01 GMT", 600, 400)]
    [InlineData("Mon, 14 Sep 2026 12:00:01 GMT", 300, 700)]
    public async Task A_read_whose_server_asks_for_a_moment_is_repeated_after_just_that_and_at_most_twice(string asked, int after, int wait)
    {
        _clock.Advance(TimeSpan.FromMilliseconds(after));
        var (began, came) = (_clock.GetUtcNow(), new List<TimeSpan>());
        _answer = _ =>
        {
            came.Add(_clock.GetUtcNow() - began);
            return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Headers = { { "Retry-After", asked } } };
        };
        using var connection = Connect();
        var error = (await GetAsync(connection)).Error!;
        Assert.Equal((ErrorKind.Transient, true), (error.Kind, error.NotExecuted));
        // Once the time that was named has come there is nothing more to wait for.
        Assert.Equal([0d, wait, wait], came.Select(c => c.TotalMilliseconds));
    }

    [Theory]
    [InlineData("1", 0)]
    [InlineData("Mon, 14 Sep 2026 12:00:01 GMT", 290)]
    public async Task A_read_whose_server_asks_for_longer_is_not_repeated_here_and_the_time_is_told(string asked, int after)
    {
        _clock.Advance(TimeSpan.FromMilliseconds(after));
        var calls = 0;
        _answer = _ =>
        {
            calls++;
            return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) { Headers = { { "Retry-After", asked } } };
        };
        using var connection = Connect();
        var error = (await GetAsync(connection)).Error!;
        Assert.Equal((1, 1_000d - after), (calls, error.RetryAfter!.Value.TotalMilliseconds));
        Assert.Equal(TimeSpan.Zero, _clock.Waited);
    }

    [Fact]
    public async Task Silent_refusals_pause_longer_each_time_until_a_call_passes()
    {
        _answer = _ => new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        using var connection = Connect();
        for (var i = 0; i < 4; i++) await GetAsync(connection);
        _answer = _ => Json("{}");
        await GetAsync(connection);
        _answer = _ => new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        await GetAsync(connection);
        Assert.Equal([1d, 2, 4, 8, 1], _gate.Pauses.Select(p => p.TotalSeconds));
    }

    [Fact]
    public async Task One_askers_cancelling_leaves_the_token_request_to_the_others()
    {
        _holdTokens = true;
        using var connection = Connect();
        using var leaving = new CancellationTokenSource();
        var gone = connection.Tokens!.GetAsync(CallPriority.Live, leaving.Token);
        var stays = connection.Tokens.GetAsync(CallPriority.Live, Cancel);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        _tokensGo.SetResult();
        Assert.True((await stays).Succeeded);
        Assert.Equal(1, _tokens);
    }

    public void Dispose() => _tokensGo.TrySetResult();

    private static HttpResponseMessage Json(string json) => new(HttpStatusCode.OK) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    private Task<Outcome<RemoteAnswer>> GetAsync(HttpConnection connection) => connection.Caller.SendAsync(CallPurpose.Read, token => connection.Client.GetAsync("x", HttpCompletionOption.ResponseHeadersRead, token), Cancel);

    private HttpConnection Connect() => HttpConnectionFactory.Create(
        new HttpConnectionOptions { BaseAddress = new Uri("http://vendor.test/"), Context = new ConnectorContext { Time = _clock, Gate = _gate }, Secrets = [], Transport = () => new Vendor(this), MostAnswerBytes = _mostBytes },
        OAuthForm.Post(new Uri("http://vendor.test/token"), () => [new("grant_type", "client_credentials")]));

    private sealed class Vendor(CallChainTests test) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.AbsolutePath == "/token")
            {
                var number = Interlocked.Increment(ref test._tokens);
                if (test._holdTokens) await test._tokensGo.Task.WaitAsync(cancellationToken);
                return Json($$"""{"access_token":"token-{{number}}","expires_in":900}""");
            }

            test._authorizations.Enqueue(request.Headers.Authorization!.ToString());
            if (request.Content is not null) test._bodies.Enqueue(await request.Content.ReadAsStringAsync(cancellationToken));
            return test._answer(request);
        }
    }

    private sealed class Endless : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => 0; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => count;

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
