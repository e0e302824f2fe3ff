using System.Net;
using System.Text;
using WorkflowEngine.Connectors.Http;
using WorkflowEngine.Salesforce.Streams;

namespace WorkflowEngine.Connectors.Tests.Salesforce;

/// <summary>The words a gRPC answer ends with become exceptions of a library: they must be clean before it reads them, wherever the vendor puts them.</summary>
public sealed class ScrubbedAnswersTests
{
    private const string Token = "00Dxx!canary.token/1+2=";
    private const string Secret = "canary secret&7";

    private static readonly string Told = $"refused: accesstoken: {Token} secret {Uri.EscapeDataString(Secret)}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Secrets_in_the_headers_of_an_answer_are_gone_and_other_headers_stay()
    {
        using var invoker = Over(() =>
        {
            var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent([]) };
            answer.Headers.TryAddWithoutValidation("grpc-status", "16");
            answer.Headers.TryAddWithoutValidation("grpc-message", Told);
            answer.Headers.TryAddWithoutValidation("error-code", ["plain", Token]);
            return answer;
        });
        using var answer = await invoker.SendAsync(Request(), Cancel);

        Assert.Equal("16", Assert.Single(answer.Headers.GetValues("grpc-status")));
        Assert.Equal("refused: accesstoken: *** secret ***", Assert.Single(answer.Headers.GetValues("grpc-message")));
        Assert.Equal(["plain", "***"], answer.Headers.GetValues("error-code"));
    }

    [Theory]
    [InlineData("by memory")]
    [InlineData("by array")]
    [InlineData("by blocking")]
    [InlineData("copied")]
    public async Task Secrets_in_the_trailers_are_gone_when_the_body_has_ended_however_it_is_read(string how)
    {
        var body = Encoding.UTF8.GetBytes("the body may hold what it likes: " + Token);
        using var invoker = Over(() => new HttpResponseMessage(HttpStatusCode.OK) { Content = new Ending(body) });
        using var answer = await invoker.SendAsync(Request(), Cancel);
        // Trailers come with the end of the body; a transport adds them then.
        answer.TrailingHeaders.TryAddWithoutValidation("grpc-status", "13");
        answer.TrailingHeaders.TryAddWithoutValidation("grpc-message", Told);

        using var read = new MemoryStream();
        if (how == "copied") await answer.Content.CopyToAsync(read, Cancel);
        else await ReadAsync(await answer.Content.ReadAsStreamAsync(Cancel), read, how);

        Assert.Equal(body, read.ToArray());
        Assert.Equal("application/grpc", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("13", Assert.Single(answer.TrailingHeaders.GetValues("grpc-status")));
        Assert.Equal("refused: accesstoken: *** secret ***", Assert.Single(answer.TrailingHeaders.GetValues("grpc-message")));
    }

    [Fact]
    public async Task A_token_learned_while_the_body_came_is_taken_out_too()
    {
        var scrubber = new SecretScrubber([Secret]);
        using var invoker = Over(() => new HttpResponseMessage(HttpStatusCode.OK) { Content = new Ending([1, 2, 3]) }, scrubber);
        using var answer = await invoker.SendAsync(Request(), Cancel);
        answer.TrailingHeaders.TryAddWithoutValidation("grpc-message", "renewed: 00Dyy!second");
        scrubber.AddToken("00Dyy!second");
        await answer.Content.CopyToAsync(Stream.Null, Cancel);
        Assert.Equal("renewed: ***", Assert.Single(answer.TrailingHeaders.GetValues("grpc-message")));
    }

    private static async Task ReadAsync(Stream body, Stream read, string how)
    {
        var buffer = new byte[7];
        while (true)
        {
            var count = how switch
            {
                "by memory" => await body.ReadAsync(buffer.AsMemory(), Cancel),
#pragma warning disable CA1835, CA1849 // The forms a library may still use are what is tested.
                "by array" => await body.ReadAsync(buffer, 0, buffer.Length, Cancel),
                _ => body.Read(buffer, 0, buffer.Length),
#pragma warning restore CA1835, CA1849
            };
            if (count == 0) return;
            read.Write(buffer, 0, count);
        }
    }

    private static HttpMessageInvoker Over(Func<HttpResponseMessage> answer, SecretScrubber? scrubber = null)
    {
        if (scrubber is null)
        {
            scrubber = new SecretScrubber([Secret]);
            scrubber.AddToken(Token);
        }

        return new HttpMessageInvoker(new ScrubbedAnswers(new Answering(answer), scrubber));
    }

    private static HttpRequestMessage Request() => new(HttpMethod.Post, "https://events.example/");

    private sealed class Answering(Func<HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer());
    }

    private sealed class Ending : ByteArrayContent
    {
        public Ending(byte[] body)
            : base(body)
        {
            Headers.TryAddWithoutValidation("Content-Type", "application/grpc");
        }
    }
}
