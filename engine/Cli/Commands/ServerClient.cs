using System.Net.Http.Json;
using System.Text.Json;

namespace WorkflowEngine.Cli;

/// <summary>Talks to a running server; every failure is one sentence.</summary>
internal sealed class ServerClient(string server) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(server), Timeout = TimeSpan.FromSeconds(100) };

    public void Dispose() => _http.Dispose();

    public Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);

    public Task<JsonElement> PostAsync(string path, object body, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) }, cancellationToken);

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
                throw new UnusableException(json.ValueKind == JsonValueKind.Object && json.TryGetProperty("detail", out var detail)
                    ? detail.GetString()!
                    : $"The server answered {(int)response.StatusCode}.");
            }
            catch (HttpRequestException e)
            {
                throw new UnusableException($"No server answers at {server} ({e.HttpRequestError}). Start one with 'flow serve' or name it with --server.");
            }
            catch (JsonException)
            {
                throw new UnusableException($"What answers at {server} is no flow server.");
            }
            catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new UnusableException($"The server at {server} did not answer within 100 seconds.");
            }
        }
    }
}
