using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace WorkflowEngine.Cli;

/// <summary><c>flow serve</c> over a workspace in a process of its own, so that what it costs is told apart from what the simulators cost.</summary>
internal sealed class BenchServer : IAsyncDisposable
{
    public const string Token = "FLOW_BENCH_TOKEN";
    private const string TokenValue = "token-of-the-bench";
    private const int MostLines = 20;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly HttpClient _http;
    private readonly ConcurrentQueue<string> _said = new();

    private BenchServer(Process process, Uri address)
    {
        _process = process;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(100) };
        _process.OutputDataReceived += Hear;
        _process.ErrorDataReceived += Hear;
    }

    /// <summary>From the start of the process until it was ready.</summary>
    public TimeSpan StartUp { get; private set; }

    /// <summary>Processor time so far.</summary>
    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>The most memory it held, in bytes.</summary>
    public long PeakMemory
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    /// <summary>Starts it and waits until its deployments are active.</summary>
    /// <exception cref="UnusableException">It does not start; the message says what it told.</exception>
    public static async Task<BenchServer> StartAsync(string workspace, string clock, CancellationToken cancellationToken)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var start = Command();
        foreach (var argument in new[]
        {
            ServeCommand.Name, "--workspace", workspace, "--db", Path.Combine(workspace, "flow.db"), "--urls", address.GetLeftPart(UriPartial.Authority), "--log-level", "warn",
            "--limits-rate", "100000", "--limits-burst", "1000000", "--limits-hook-rate", "1000000",
        }) start.ArgumentList.Add(argument);
        // Settings of this machine's own server must not decide what is measured.
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("FLOW_", StringComparison.Ordinal)).ToList()) start.Environment.Remove(name);
        foreach (var name in OfflineTwins.Variables) start.Environment[name] = OfflineTwins.Variable(name);
        start.Environment[Token] = TokenValue;
        start.Environment[FollowedClock.Variable] = clock;
        var begin = Stopwatch.StartNew();
        var server = new BenchServer(new Process { StartInfo = start }, address);
        try
        {
            server._process.Start();
            server._process.BeginOutputReadLine();
            server._process.BeginErrorReadLine();
            while (!await server.IsReadyAsync(cancellationToken).ConfigureAwait(false))
            {
                if (server._process.HasExited || begin.Elapsed > Patience) throw new UnusableException($"The server of the bench did not start. It said: {string.Join(" | ", server._said)}");
                await Task.Delay(Look, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Win32Exception e)
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw new UnusableException($"The server of the bench cannot be started: {e.Message}");
        }
        catch
        {
            await server.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        server.StartUp = begin.Elapsed;
        return server;
    }

    /// <summary>Its counters: events accepted, runs ended, runs in memory.</summary>
    public async Task<(long Accepted, long Ended, long InMemory)> CountersAsync(CancellationToken cancellationToken)
    {
        var (accepted, ended, memory) = (0L, 0L, 0L);
        foreach (var line in (await _http.GetStringAsync("/metrics", cancellationToken).ConfigureAwait(false)).Split('\n'))
        {
            if (line.StartsWith("flow_events_accepted", StringComparison.Ordinal)) accepted += Value(line);
            else if (line.StartsWith("flow_runs_total", StringComparison.Ordinal)) ended += Value(line);
            else if (line.StartsWith("flow_runs_in_memory", StringComparison.Ordinal)) memory += Value(line);
        }

        return (accepted, ended, memory);
    }

    /// <summary>Events that are ready, and those behind them.</summary>
    public async Task<long> WaitingAsync(CancellationToken cancellationToken) =>
        (await DeploymentsAsync(cancellationToken).ConfigureAwait(false)).Sum(d => d.GetProperty("waiting").GetProperty("ready").GetInt64() + d.GetProperty("waiting").GetProperty("behind").GetInt64());

    /// <summary>The name under which a flow runs.</summary>
    public async Task<string> DeploymentOfAsync(string flow, CancellationToken cancellationToken) =>
        (await DeploymentsAsync(cancellationToken).ConfigureAwait(false)).First(d => d.GetProperty("flow").GetString() == flow).GetProperty("name").GetString()!;

    /// <summary>What stands still, in its own words.</summary>
    public async Task<IReadOnlyList<string>> PausesAsync(CancellationToken cancellationToken) =>
        [.. (await GetAsync("/api/deployments", cancellationToken).ConfigureAwait(false)).GetProperty("pauses").EnumerateArray().Select(p => p.ToString())];

    /// <summary>Hands in a call; it is repeated as long as the server asks for that.</summary>
    public async Task CallAsync(string deployment, bool hook, byte[] payload, CancellationToken cancellationToken)
    {
        var path = hook ? $"/hooks/{deployment}/{TokenValue}" : $"/api/deployments/run/{deployment}";
        while (true)
        {
            using var body = new ByteArrayContent(payload);
            body.Headers.ContentType = new("application/json");
            using var answer = await _http.PostAsync(path, body, cancellationToken).ConfigureAwait(false);
            if (answer.IsSuccessStatusCode) return;
            if (answer.StatusCode is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests))
            {
                throw new UnusableException($"The server refused a call of the test: {await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false)}");
            }

            await Task.Delay(Look, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>All runs so far: when the event was accepted, when the run ended, and how.</summary>
    public async Task<IReadOnlyList<BenchRun>> RunsAsync(CancellationToken cancellationToken)
    {
        var runs = new List<BenchRun>();
        for (var path = "/api/runs?limit=200"; ;)
        {
            var page = await GetAsync(path, cancellationToken).ConfigureAwait(false);
            runs.AddRange(page.GetProperty("data").EnumerateArray().Select(r => new BenchRun(
                r.GetProperty("acceptedAt").GetDateTimeOffset(), r.GetProperty("endedAt").GetDateTimeOffset(), r.GetProperty("outcome").GetString()!, r.GetProperty("text").GetString(), r.GetProperty("effects").GetInt32())));
            if (page.GetProperty("next").GetString() is not { } next) return runs;
            path = $"/api/runs?limit=200&cursor={next}";
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_process.HasExited) _process.Kill();
            await _process.WaitForExitAsync().ConfigureAwait(false);
        }
        catch (InvalidOperationException)
        {
            // It was never started.
        }

        _process.Dispose();
        _http.Dispose();
    }

    /// <summary>This program once more: by itself, or by the dotnet command that runs it.</summary>
    private static ProcessStartInfo Command()
    {
        var own = Path.Combine(AppContext.BaseDirectory, "flow.dll");
        var host = Environment.ProcessPath;
        var start = new ProcessStartInfo(host ?? "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        if (host is null || Path.GetFileNameWithoutExtension(host) == "dotnet") start.ArgumentList.Add(own);
        return start;
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.GetAsync("/health/ready", cancellationToken).ConfigureAwait(false);
            if (answer.IsSuccessStatusCode) return true;
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable) return false;
            var problems = await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
            _said.Enqueue(problems);
            while (_said.Count > MostLines) _said.TryDequeue(out _);
            return false;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<IEnumerable<JsonElement>> DeploymentsAsync(CancellationToken cancellationToken) =>
        (await GetAsync("/api/deployments", cancellationToken).ConfigureAwait(false)).GetProperty("data").EnumerateArray();

    private async Task<JsonElement> GetAsync(string path, CancellationToken cancellationToken) =>
        JsonSerializer.Deserialize<JsonElement>(await _http.GetByteArrayAsync(path, cancellationToken).ConfigureAwait(false));

    /// <summary>The value of a line of figures: what follows the name and its labels, before a time stamp.</summary>
    private static long Value(string line)
    {
        var rest = line[(Math.Max(line.IndexOf('}', StringComparison.Ordinal), line.IndexOf(' ', StringComparison.Ordinal)) + 1)..].TrimStart().Split(' ')[0];
        return (long)double.Parse(rest, CultureInfo.InvariantCulture);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Hear(object sender, DataReceivedEventArgs line)
    {
        if (string.IsNullOrEmpty(line.Data)) return;
        _said.Enqueue(line.Data);
        while (_said.Count > MostLines) _said.TryDequeue(out _);
    }
}

/// <summary>A run as the server tells it.</summary>
internal sealed record BenchRun(DateTimeOffset AcceptedAt, DateTimeOffset EndedAt, string Outcome, string? Text, int Effects);
