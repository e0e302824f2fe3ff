using System.Collections.Concurrent;
using System.Diagnostics;

namespace WorkflowEngine.Api.Tests;

/// <summary><c>flow serve</c> as a process of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private ServerProcess(Process process) => _process = process;

    /// <summary>What it said so far.</summary>
    public string Output => string.Join('\n', _lines);

    public static ServerProcess Start(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "flow.dll"), "serve", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NO_COLOR"] = "1";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var server = new ServerProcess(Process.Start(start)!);
        server._process.OutputDataReceived += server.Hear;
        server._process.ErrorDataReceived += server.Hear;
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return server;
    }

    public async Task SaysAsync(string text)
    {
        var waited = Stopwatch.StartNew();
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            Assert.True(waited.Elapsed < Patience && !_process.HasExited, $"It did not say '{text}': {Output}");
            await Task.Delay(30);
        }
    }

    /// <summary>Asks it to end, as systemd and Kubernetes do.</summary>
    public void Terminate() => Process.Start("kill", ["-TERM", $"{_process.Id}"])!.WaitForExit();

    public async Task<int> EndedAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Hear(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is not null) _lines.Enqueue(line.Data);
    }
}
