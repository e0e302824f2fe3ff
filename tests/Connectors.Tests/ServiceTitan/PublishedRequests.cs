using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using WorkflowEngine.Simulators.Tests.ServiceTitan;

namespace WorkflowEngine.Connectors.Tests.ServiceTitan;

/// <summary>Holds every request against ServiceTitan's OpenAPI documents, whose folder <c>SERVICETITAN_SPECS</c> names; without them it lets all pass.</summary>
internal sealed class PublishedRequests
{
    private static readonly ConcurrentDictionary<string, OpenApiDocument?> Documents = new();
    private readonly ConcurrentQueue<string> _problems = new();

    public static string? Folder { get; } = Environment.GetEnvironmentVariable("SERVICETITAN_SPECS");

    public IReadOnlyCollection<string> Problems => _problems;

    public HttpMessageHandler Transport() => new Recorder(this);

    private async Task CheckAsync(HttpRequestMessage request)
    {
        var segments = request.RequestUri!.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (Folder is null || segments is not [var module, "v2", .. var rest] || Documents.GetOrAdd(module, Load) is not { } document)
        {
            return;
        }

        var text = request.Content is null ? "" : await request.Content.ReadAsStringAsync();
        JsonElement? body = text.Length == 0 ? null : JsonDocument.Parse(text).RootElement;
        var query = QueryHelpers.ParseQuery(request.RequestUri.Query).SelectMany(p => p.Value.Select(v => KeyValuePair.Create(p.Key, v ?? "")));
        foreach (var problem in document.RequestProblems(request.Method.Method.ToLowerInvariant(), "/" + string.Join('/', rest), query, body))
        {
            _problems.Enqueue(problem);
        }
    }

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
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
