using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace WorkflowEngine.Cli;

/// <summary>Talks to a running server; every failure is one sentence. The credential is read from FLOW_API_KEY, so that it stands in no list of processes.</summary>
internal sealed class ServerClient : IDisposable
{
    public const string Variable = "FLOW_API_KEY";

    private readonly string _server;
    private readonly HttpClient _http;

    public ServerClient(string server)
    {
        _server = server;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(server), Timeout = TimeSpan.FromSeconds(100) };
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } key) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public void Dispose() => _http.Dispose();

    public Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);

    public Task<JsonElement> PostAsync(string path, object body, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) }, cancellationToken);

    public Task<JsonElement> PatchAsync(string path, object body, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Patch, path) { Content = JsonContent.Create(body) }, cancellationToken);

    public Task<JsonElement> DeleteAsync(string path, CancellationToken cancellationToken) => SendAsync(new HttpRequestMessage(HttpMethod.Delete, path), cancellationToken);

    public Task<JsonElement> PutAsync(string path, string json, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Put, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") }, cancellationToken);

    private async Task<JsonElement> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using (request)
        {
            try
            {
                using var response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
                var text = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
                var json = text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
                if (response.IsSuccessStatusCode) return json;
                throw new UnusableException(Sentence(json) ?? $"The server answered {(int)response.StatusCode}.");
            }
            catch (HttpRequestException e)
            {
                throw new UnusableException($"No server answers at {_server} ({e.HttpRequestError}). Start one with 'flow serve' or name it with --server.");
            }
            catch (JsonException)
            {
                throw new UnusableException($"What answers at {_server} is no flow server.");
            }
            catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new UnusableException($"The server at {_server} did not answer within 100 seconds.");
            }
        }
    }

    private static string? Sentence(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("detail", out var detail)) return null;
        var text = new StringBuilder(detail.GetString());
        if (json.TryGetProperty("diagnostics", out var findings))
        {
            foreach (var f in findings.EnumerateArray())
            {
                text.Append('\n').Append(f.GetProperty("path").GetString()).Append(':').Append(f.GetProperty("line").GetInt32()).Append(':').Append(f.GetProperty("column").GetInt32()).Append(": ")
                    .Append(f.GetProperty("severity").GetString()).Append(' ').Append(f.GetProperty("code").GetString()).Append(": ").Append(f.GetProperty("message").GetString());
                if (f.GetProperty("hint").GetString() is { } hint) text.Append("\n  ").Append(hint);
            }
        }

        if (json.TryGetProperty("code", out var code) && code.GetString() == "unauthenticated") text.Append($" The command line sends what stands in {Variable}.");
        return text.ToString();
    }
}
