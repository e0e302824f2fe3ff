using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using WorkflowEngine.Simulators.Tests.ServiceTitan;

namespace WorkflowEngine.Connectors.Tests.ServiceTitan;

/// <summary>Holds every request and its answer against ServiceTitan's OpenAPI documents, whose folder <c>SERVICETITAN_SPECS</c> names; without them it lets all pass.</summary>
internal sealed class PublishedRequests
{
    private static readonly ConcurrentDictionary<string, OpenApiDocument?> Documents = new();
    private readonly ConcurrentQueue<string> _problems = new();

    public static string? Folder { get; } = Environment.GetEnvironmentVariable("SERVICETITAN_SPECS");

    /// <summary>Answers are the vendor's, not written by a test.</summary>
    public bool HoldsAnswers { get; set; } = true;

    public IReadOnlyCollection<string> Problems => _problems;

    public HttpMessageHandler Transport() => new Recorder(this);

    /// <summary>The document of a module; null where it is not at hand.</summary>
    public static OpenApiDocument? Document(string module) => Folder is null ? null : Documents.GetOrAdd(module, Load);

    private async Task CheckAsync(HttpRequestMessage request)
    {
        if (Place(request) is not var (document, path)) return;
        var text = request.Content is null ? "" : await request.Content.ReadAsStringAsync();
        JsonElement? body = text.Length == 0 ? null : JsonDocument.Parse(text).RootElement;
        var query = QueryHelpers.ParseQuery(request.RequestUri!.Query).SelectMany(p => p.Value.Select(v => KeyValuePair.Create(p.Key, v ?? "")));
        foreach (var problem in document.RequestProblems(request.Method.Method.ToLowerInvariant(), path, query, body)) _problems.Enqueue(problem);
    }

    private async Task CheckAsync(HttpRequestMessage request, HttpResponseMessage answer)
    {
        if (!HoldsAnswers || Place(request) is not var (document, path)) return;
        await answer.Content.LoadIntoBufferAsync();
        var text = await answer.Content.ReadAsStringAsync();
        JsonElement body = default;
        try
        {
            if (text.Length > 0) body = JsonDocument.Parse(text).RootElement;
        }
        catch (JsonException)
        {
            // Cut or replaced by a fault: no answer of the vendor.
            return;
        }

        foreach (var problem in document.AnswerProblems(request.Method.Method.ToLowerInvariant(), path, (int)answer.StatusCode, body)) _problems.Enqueue($"{request.Method} {path} answers {(int)answer.StatusCode}: {problem}");
    }

    private static (OpenApiDocument Document, string Path)? Place(HttpRequestMessage request) =>
        request.RequestUri!.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries) is [var module, "v2", .. var rest] && Document(module) is { } document ? (document, "/" + string.Join('/', rest)) : null;

    private static OpenApiDocument? Load(string module)
    {
        var path = Path.Combine(Folder!, module.Replace("reputation", "-reputation", StringComparison.Ordinal) + "-v2.json");
        return File.Exists(path) ? OpenApiDocument.Load(path) : null;
    }

    private sealed class Recorder(PublishedRequests owner) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await owner.CheckAsync(request);
            var answer = await base.SendAsync(request, cancellationToken);
            await owner.CheckAsync(request, answer);
            return answer;
        }
    }
}
