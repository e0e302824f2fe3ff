using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.Testing;

namespace WorkflowEngine.EndToEnd.Tests.Crashes;

/// <summary>The real command in a process of its own: <c>flow serve</c> over a workspace folder.</summary>
internal sealed class FlowProcess : IAsyncDisposable
{
    private const int MostLines = 40;

    private readonly Process _process;
    private readonly HttpClient _client;
    private readonly ConcurrentQueue<string> _output = new();

    private FlowProcess(Process process, Uri address)
    {
        _process = process;
        _client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(20) };
    }

    /// <summary>Each line it says.</summary>
    public event Action<string>? Said;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Killed by SIGKILL: 128 + 9.</summary>
    public bool WasKilled => _process.HasExited && _process.ExitCode == 137;

    /// <summary>The memory it holds now, in bytes.</summary>
    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    public string Output => string.Join("\n", _output);

    /// <param name="folder">The workspace.</param>
    /// <param name="crashAt">The effect boundary at which it kills itself; null = never.</param>
    /// <param name="clock">The file that says how far its time is ahead; null = the system's time.</param>
    public static FlowProcess Start(WorkspaceFolder folder, int? crashAt, string? clock = null)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var environment = WorkspaceFolder.Environment.ToDictionary(e => e.Key, e => e.Value);
        if (crashAt is { } at) environment["FLOW_CRASH_AT"] = at.ToString(CultureInfo.InvariantCulture);
        if (clock is not null) environment["FLOW_CLOCK_AHEAD"] = clock;
        return Start(address, Path.GetDirectoryName(folder.Path)!, environment, "serve", "--workspace", folder.Path, "--db", folder.Database, "--urls", address.GetLeftPart(UriPartial.Authority));
    }

    /// <summary>One that something else starts in its place: the words before it, and it takes over their process.</summary>
    public static FlowProcess StartBehind(WorkspaceFolder folder, string clock, params string[] before)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var environment = WorkspaceFolder.Environment.ToDictionary(e => e.Key, e => e.Value);
        environment["FLOW_CLOCK_AHEAD"] = clock;
        return Start(before, address, Path.GetDirectoryName(folder.Path)!, environment, "serve", "--workspace", folder.Path, "--db", folder.Database, "--urls", address.GetLeftPart(UriPartial.Authority));
    }

    /// <summary>One of several nodes over one database.</summary>
    /// <param name="folder">The workspace.</param>
    /// <param name="database">The database's connection string.</param>
    /// <param name="keyFile">The master key's file, the same for all.</param>
    /// <param name="certificate">What nodes prove themselves with, the same for all.</param>
    /// <param name="listen">The port it listens on for the others.</param>
    /// <param name="reached">The port at which the others reach it.</param>
    /// <param name="kept">It follows no folder: the API keeps it all.</param>
    public static FlowProcess StartNode(WorkspaceFolder folder, string database, string keyFile, string certificate, int listen, int reached, bool kept = false)
    {
        string[] runs = kept ? ["--api-only"] : ["--workspace", folder.Path];
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        return Start(
            address, Path.GetDirectoryName(folder.Path)!, WorkspaceFolder.Environment.ToDictionary(e => e.Key, e => e.Value), [
                "serve", .. runs, "--db", "postgres:" + database, "--key-file", keyFile, "--cluster", "--node-port", reached.ToString(CultureInfo.InvariantCulture),
                "--node-listen", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{listen}"), "--node-certificate", certificate, "--urls", address.GetLeftPart(UriPartial.Authority),
            ]);
    }

    /// <summary>What it said when it ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Posts to its API.</summary>
    public async Task<HttpStatusCode> PostAsync(string path, string json)
    {
        using var answer = await SendAsync(path, json);
        return answer.StatusCode;
    }

    /// <summary>Sends it a call; the caller reads the answer.</summary>
    public async Task<HttpResponseMessage> SendAsync(string path, string json)
    {
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        return await _client.PostAsync(path, content);
    }

    /// <summary>What its API answers; null while it does not, and for what is not there.</summary>
    public async Task<JsonElement?> AskAsync(string path)
    {
        try
        {
            using var answer = await _client.GetAsync(path);
            if (answer.StatusCode == HttpStatusCode.NotFound) return null;
            return await GoodAsync(answer);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Tells its API something that it must take.</summary>
    public async Task<JsonElement> TellAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await _client.SendAsync(request);
        return await GoodAsync(answer);
    }

    /// <summary>Sends it a signal: KILL, STOP, CONT, TERM.</summary>
    public void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary><c>flow simulate salesforce</c>: an org outside this process.</summary>
    public static FlowProcess Simulate(out Uri address)
    {
        var port = FreePort.Next();
        address = new Uri($"http://127.0.0.1:{port}");
        return Start(address, AppContext.BaseDirectory, new Dictionary<string, string>(), "simulate", "salesforce", "--port", port.ToString(CultureInfo.InvariantCulture));
    }

    private static FlowProcess Start(Uri address, string folder, Dictionary<string, string> environment, params string[] arguments) => Start([], address, folder, environment, arguments);

    private static FlowProcess Start(string[] before, Uri address, string folder, Dictionary<string, string> environment, params string[] arguments)
    {
        string[] all = [.. before, Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet", Path.Combine(AppContext.BaseDirectory, "flow.dll"), .. arguments];
        var start = new ProcessStartInfo(all[0]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = folder };
        foreach (var argument in all[1..]) start.ArgumentList.Add(argument);
        start.Environment.Remove("FLOW_CRASH_AT");
        start.Environment.Remove("FLOW_CLOCK_AHEAD");
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var result = new FlowProcess(new Process { StartInfo = start }, address);
        result._process.OutputDataReceived += result.Hear;
        result._process.ErrorDataReceived += result.Hear;
        result._process.Start();
        result._process.BeginOutputReadLine();
        result._process.BeginErrorReadLine();
        return result;
    }

    /// <summary>Events that wait or run; null while it does not answer.</summary>
    public Task<long?> BacklogAsync() => WaitingAsync("ready", "behind", "delayed");

    /// <summary>Events that can run now; null while it does not answer.</summary>
    public Task<long?> ReadyAsync() => WaitingAsync("ready");

    private async Task<long?> WaitingAsync(params string[] kinds)
    {
        try
        {
            using var answer = JsonDocument.Parse(await _client.GetStringAsync("/api/deployments"));
            var data = answer.RootElement.GetProperty("data");
            if (data.GetArrayLength() == 0) return null;
            return data.EnumerateArray().Select(d => d.GetProperty("waiting")).Sum(w => kinds.Sum(k => w.GetProperty(k).GetInt64()));
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>How the runs of each key ended, told once each: the branches that were taken.</summary>
    public async Task<IReadOnlyList<string>> BranchesAsync()
    {
        var ends = new SortedSet<string>(StringComparer.Ordinal);
        for (string? before = null; ;)
        {
            using var answer = JsonDocument.Parse(await _client.GetStringAsync("/api/runs?limit=200" + (before is null ? "" : "&cursor=" + Uri.EscapeDataString(before))));
            foreach (var run in answer.RootElement.GetProperty("data").EnumerateArray())
            {
                var outcome = run.GetProperty("outcome").GetString();
                if (outcome is not ("superseded" or "unchanged")) ends.Add($"{run.GetProperty("key").GetString()} {outcome} {run.GetProperty("text").GetString()}");
            }

            before = answer.RootElement.GetProperty("next").GetString();
            if (before is null) return [.. ends];
        }
    }

    public async Task<int> DeadLettersAsync()
    {
        using var answer = JsonDocument.Parse(await _client.GetStringAsync("/api/dead-letters"));
        return answer.RootElement.GetProperty("data").GetArrayLength();
    }

    public Task EndedAsync() => _process.WaitForExitAsync();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _client.Dispose();
    }

    private static async Task<JsonElement> GoodAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{answer.RequestMessage?.Method} {answer.RequestMessage?.RequestUri}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
    }

    private void Hear(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null) return;
        _output.Enqueue(line.Data);
        Said?.Invoke(line.Data);
        while (_output.Count > MostLines) _output.TryDequeue(out _);
    }
}
