using System.Net;
using System.Net.Http.Headers;
using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators;

/// <summary>Reaches a simulator without a socket: the same requests and answers, faults included, for tests that hold everything in one process.</summary>
public sealed class SimulatorTransport(Simulator simulator) : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var address = request.RequestUri ?? throw new InvalidOperationException("A request needs an address.");
        var body = request.Content is { } content ? await content.ReadAsByteArrayAsync(cancellationToken) : [];
        var asked = new SimulatorRequest(
            request.Method.Method, address.PathAndQuery, name => Header(request, name), body, address.GetLeftPart(UriPartial.Authority));
        var exchange = await simulator.AnswerAsync(asked, cancellationToken);
        try
        {
            if (exchange.Answer is { } answer) return Response(request, answer);
            if (exchange.Hold) await simulator.HoldAsync(exchange.HoldMs is { } ms ? TimeSpan.FromMilliseconds(ms) : Timeout.InfiniteTimeSpan, cancellationToken);
            throw new HttpRequestException(HttpRequestError.ResponseEnded, "The connection was reset by the simulator.");
        }
        finally
        {
            exchange.AfterSending?.Invoke();
        }
    }

    private static string? Header(HttpRequestMessage request, string name)
    {
        if (request.Headers.TryGetValues(name, out var values)) return string.Join(",", values);
        return request.Content?.Headers.TryGetValues(name, out var own) == true ? string.Join(",", own) : null;
    }

    private static HttpResponseMessage Response(HttpRequestMessage request, Answer answer)
    {
        var response = new HttpResponseMessage((HttpStatusCode)answer.Status) { RequestMessage = request, Content = new ByteArrayContent(answer.Body.ToArray()) };
        if (answer.ContentType is { } type) response.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        foreach (var (name, value) in answer.Headers)
        {
            if (!response.Headers.TryAddWithoutValidation(name, value)) response.Content.Headers.TryAddWithoutValidation(name, value);
        }

        return response;
    }
}
