using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Api;
using WorkflowEngine.Hosting;
using WorkflowEngine.Salesforce;
using WorkflowEngine.ServiceTitan;
using WorkflowEngine.Testing;

namespace WorkflowEngine.EndToEnd.Tests;

/// <summary>The measured customer sync (tests/Benchmarks/w1) is right, not only quick: judged by the bench's own check of the final records.</summary>
public sealed class W1Tests
{
    private const int Events = 300;
    private const string Token = "bench";

    private static readonly IReadOnlyList<IConnector> Connectors = [new ServiceTitanConnector(), new SalesforceConnector()];

    [Fact]
    public async Task Events_posted_twice_leave_no_wrong_record_after_either_time()
    {
        var bench = Environment.GetEnvironmentVariable("W1_BENCH");
        if (string.IsNullOrEmpty(bench)) Assert.Skip("W1_BENCH names no folder with the bench.");
        var work = Directory.CreateTempSubdirectory("w1-test-").FullName;
        try
        {
            var upstream = await BuildUpstreamAsync(bench, work);
            var port = FreePort.Next();
            var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
            using var process = StartUpstream(upstream, port);
            try
            {
                await PostTwiceAsync(bench, work, address);
            }
            finally
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
            }
        }
        finally
        {
            Directory.Delete(work, recursive: true);
        }
    }

    private static async Task PostTwiceAsync(string bench, string work, string upstream)
    {
        using var http = new HttpClient();
        await UntilAsync(async () => (await http.PostAsync($"{upstream}/_config?latency=0", null)).IsSuccessStatusCode);
        (await http.PostAsync($"{upstream}/_reset?seed={Events}&every=2", null)).EnsureSuccessStatusCode();
        var events = (await http.GetStringAsync($"{upstream}/_customers?start=0&count={Events}")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Events, events.Length);

        var workspace = CopyWorkspace(work, upstream);
        await using var host = await FlowHost.OpenAsync(
            new FlowHostOptions { Connectors = Connectors, Database = Path.Combine(work, "w1.db") }, default);
        var runner = new WorkspaceRunner(host, workspace, Connectors, _ => Token, NullLogger<WorkspaceRunner>.Instance);
        Assert.True(await runner.TakeAsync(default), string.Join('\n', runner.Findings.Select(f => f.Message)));
        Assert.Empty(runner.Problems);
        await host.StartAsync(default);
        var own = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}");
        await using var server = await ApiServer.StartAsync(host, runner, new ApiServerOptions { Urls = own, Logs = NullLoggerFactory.Instance }, default);

        for (var time = 1; time <= 2; time++)
        {
            var known = 0;
            foreach (var part in events.Chunk(50))
            {
                var answers = await Task.WhenAll(part.Select(text => PostAsync(http, $"{own}/hooks/w1/{Token}", text)));
                known += answers.Count(same => same);
            }

            Assert.Equal(time == 1 ? 0 : Events, known);
            await host.Runtime.WaitIdleAsync(default);
            using var verdict = JsonDocument.Parse(await NodeAsync(Path.Combine(bench, "w1", "verify.js"), upstream));
            Assert.True(verdict.RootElement.GetProperty("bad").GetInt32() == 0, $"time {time}: {verdict.RootElement}");
            Assert.Equal(Events, verdict.RootElement.GetProperty("contacts").GetInt32());
            Assert.Equal(Events, verdict.RootElement.GetProperty("accounts").GetInt32());
        }

        await server.StopAsync();
    }

    /// <summary>True: the event was known already.</summary>
    private static async Task<bool> PostAsync(HttpClient http, string address, string text)
    {
        using var content = new StringContent(text, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(address, content);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("same").GetBoolean();
    }

    private static string CopyWorkspace(string work, string upstream)
    {
        var from = Path.Combine(Repository(), "tests", "Benchmarks", "w1", "webhook");
        var to = Path.Combine(work, "workspace");
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllText(target, File.ReadAllText(file).Replace("http://127.0.0.1:8090", upstream, StringComparison.Ordinal));
        }

        return to;
    }

    /// <summary>Built from a copy: nothing is written beside the bench.</summary>
    private static async Task<string> BuildUpstreamAsync(string bench, string work)
    {
        var source = Directory.CreateDirectory(Path.Combine(work, "upstream")).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(bench, "upstream"))) File.Copy(file, Path.Combine(source, Path.GetFileName(file)));
        var output = Path.Combine(work, "bin");
        await RunAsync("dotnet", ["publish", source, "-c", "Release", "-v", "q", "-o", output]);
        return Path.Combine(output, "upstream.dll");
    }

    private static Process StartUpstream(string path, int port)
    {
        var start = new ProcessStartInfo("dotnet", [path]) { RedirectStandardOutput = true };
        start.Environment["PORT"] = port.ToString(CultureInfo.InvariantCulture);
        start.Environment["LATENCY_MS"] = "0";
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        return process;
    }

    private static Task<string> NodeAsync(string script, string upstream) =>
        RunAsync("node", [script, upstream, Events.ToString(CultureInfo.InvariantCulture), "2"]);

    private static async Task<string> RunAsync(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{output}");
        return output;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                if (await holds()) return;
            }
            catch (HttpRequestException) when (tries < 600)
            {
                // It is not listening yet.
            }

            Assert.True(tries < 600, "The upstream did not come up.");
            await Task.Delay(100);
        }
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "WorkflowEngine.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The repository was not found above the tests.");
    }
}
