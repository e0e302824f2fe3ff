using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Time.Testing;

namespace WorkflowEngine.Simulators.Tests;

/// <summary>A simulator on a loopback port with a clock that stands still, and a client that knows its token.</summary>
public abstract class SimulatorFixture<T> : IAsyncDisposable
    where T : Simulator
{
    private RunningSimulator<T>? _running;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 9, 14, 20, 0, 0, TimeSpan.Zero));

    public T Simulator => _running!.Simulator;

    public Uri? SecureAddress => _running!.SecureAddress;

    public HttpClient Http { get; private set; } = null!;

    public string? Token { get; set; }

    protected async Task StartAsync(Func<SimulatorOptions, T> make, Func<SimulatorOptions, SimulatorOptions>? configure)
    {
        var options = new SimulatorOptions { TimeProvider = Time, Rate = 0 };
        _running = await SimulatorHost.StartAsync(make(configure?.Invoke(options) ?? options));
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = _running.BaseAddress };
    }

    protected virtual void Prepare(HttpRequestMessage request)
    {
    }

    public async Task<HttpReply> Send(HttpMethod method, string path, string? json = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (Token is not null && !path.StartsWith("/_", StringComparison.Ordinal))
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        }

        Prepare(request);
        foreach (var (name, value) in headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        var reply = await HttpReply.Of(await Http.SendAsync(request));
        Seen(method, path, reply);
        return reply;
    }

    /// <summary>What must hold of every answer.</summary>
    protected virtual void Seen(HttpMethod method, string path, HttpReply reply)
    {
    }

    public Task<HttpReply> Get(string path, params (string Name, string Value)[] headers) => Send(HttpMethod.Get, path, null, headers);

    public Task<HttpReply> Post(string path, string json, params (string Name, string Value)[] headers) => Send(HttpMethod.Post, path, json, headers);

    public Task<HttpReply> Patch(string path, string json, params (string Name, string Value)[] headers) => Send(HttpMethod.Patch, path, json, headers);

    public Task<HttpReply> Put(string path, string? json = null) => Send(HttpMethod.Put, path, json);

    public Task<HttpReply> Delete(string path) => Send(HttpMethod.Delete, path);

    public async Task<HttpReply> Form(string path, params (string Name, string Value)[] fields) =>
        await HttpReply.Of(await Http.PostAsync(path, new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)))));

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        if (_running is not null)
        {
            await _running.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}
