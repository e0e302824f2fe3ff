using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>Sends signed webhooks, and again after 10, 30, 60 and 300 seconds of the simulator's clock where the consumer does not answer 2xx. In no order.</summary>
internal sealed class WebhookSender(TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan[] Waits = [TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(300)];
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = TimeSpan.FromSeconds(30) };
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<WebhookDelivery> _deliveries = new();
    private readonly ConcurrentDictionary<Task, bool> _open = new();
    private readonly List<WebhookSubscription> _subscriptions = [];

    public IReadOnlyList<WebhookDelivery> Deliveries => [.. _deliveries];

    public void Subscribe(WebhookSubscription subscription)
    {
        lock (_subscriptions)
        {
            _subscriptions.Add(subscription);
        }
    }

    public void Clear()
    {
        lock (_subscriptions)
        {
            _subscriptions.Clear();
        }

        _deliveries.Clear();
    }

    /// <summary>Sends to everybody who wants this event; each gets a body of its own, of the same occurrence.</summary>
    public void Send(string type, string occurrence, Func<byte[]> body)
    {
        List<WebhookSubscription> wanted;
        lock (_subscriptions)
        {
            wanted = _subscriptions.FindAll(s => s.Events.Count == 0 || s.Events.Contains(type));
        }

        foreach (var subscription in wanted)
        {
            var bytes = body();
            var task = Task.Run(() => DeliverAsync(subscription, type, occurrence, bytes));
            _open[task] = true;
            _ = task.ContinueWith(done => _open.TryRemove(done, out _), TaskScheduler.Default);
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _http.Dispose();
        _stopping.Dispose();
    }

    private async Task DeliverAsync(WebhookSubscription subscription, string type, string occurrence, byte[] body)
    {
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var (status, retryAfter) = await PostAsync(subscription, body);
                // The wait begins before the attempt can be seen, so that whoever moves the clock then moves it past the wait.
                var wait = status is >= 200 and < 300 || attempt > Waits.Length ? null : Task.Delay(Waits[attempt - 1], clock, _stopping.Token);
                _deliveries.Enqueue(new WebhookDelivery(type, occurrence, attempt, clock.GetUtcNow(), status, retryAfter));
                if (wait is null)
                {
                    return;
                }

                await wait;
            }
        }
        catch (OperationCanceledException)
        {
            // The simulator stops: nothing more is sent.
        }
        catch (ObjectDisposedException)
        {
            // Likewise.
        }
    }

    private async Task<(int Status, TimeSpan? RetryAfter)> PostAsync(WebhookSubscription subscription, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, subscription.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (subscription.Key is { } key)
        {
            request.Headers.TryAddWithoutValidation(subscription.Header, Sign(subscription, key, body));
        }

        try
        {
            using var answer = await _http.SendAsync(request, _stopping.Token);
            return ((int)answer.StatusCode, answer.Headers.RetryAfter?.Delta);
        }
        catch (HttpRequestException)
        {
            return (0, null);
        }
        catch (TaskCanceledException) when (!_stopping.IsCancellationRequested)
        {
            return (0, null);
        }
    }

    private static string Sign(WebhookSubscription subscription, string key, byte[] body)
    {
        var secret = Encoding.UTF8.GetBytes(key);
        var mac = subscription.Hash switch
        {
            "sha1" => HMACSHA1.HashData(secret, body),
            "sha512" => HMACSHA512.HashData(secret, body),
            _ => HMACSHA256.HashData(secret, body),
        };
        return subscription.Encoding == "base64" ? Convert.ToBase64String(mac) : Convert.ToHexStringLower(mac);
    }
}
