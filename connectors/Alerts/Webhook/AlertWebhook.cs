using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.Alerts;

/// <summary>Sends alerts as calls.</summary>
internal sealed class AlertWebhook : AlertConnection
{
    private readonly Uri _address;
    private readonly string? _key;
    private readonly TimeProvider _time;
    private readonly HttpConnection _http;

    public AlertWebhook(Uri address, string? key, bool allowPrivate, ConnectorContext context)
        : base("alert-webhook", address.Authority)
    {
        (_address, _key, _time) = (address, key, context.Time);

        // Addresses of chat programs hold their token in the path: it is a secret too.
        _http = HttpConnectionFactory.Create(new HttpConnectionOptions
        {
            BaseAddress = address, Context = context, Secrets = [key ?? "", address.PathAndQuery], AllowPrivate = allowPrivate, Timeout = TimeSpan.FromSeconds(15), MostAnswerBytes = 64 * 1024, MostConnections = 2,
        });
    }

    public override async Task<OperationError?> SendAsync(Alert alert, CancellationToken cancellationToken)
    {
        var body = AlertJson.Of(alert);
        var sent = await _http.Caller.SendAsync(
            CallPurpose.RepeatableWrite,
            token =>
            {
                var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = new ByteArrayContent(body) };
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                if (_key is { } key) request.Headers.Add("X-Flow-Signature", Sign(key, _time.GetUtcNow(), body));
                return _http.Client.SendAsync(request, token);
            },
            static _ => Outcome<bool>.Of(true),
            cancellationToken).ConfigureAwait(false);
        return sent.Error;
    }

    public override ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string Sign(string key, DateTimeOffset now, byte[] body)
    {
        var seconds = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes(seconds + "."), .. body];
        return $"t={seconds},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), signed))}";
    }
}
