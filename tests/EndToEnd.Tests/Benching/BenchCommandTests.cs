using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace WorkflowEngine.EndToEnd.Tests.Benching;

/// <summary><c>flow bench</c> as people call it: the built command in a process of its own.</summary>
public sealed class BenchCommandTests
{
    /// <summary>A flow that starts from an inbound call and changes a Contact by its id.</summary>
    private const string Flow = """
        flow: called
        connections: { salesforce: salesforce }
        input: { contact: text, title: text }
        trigger:
          webhook: calls
          with: =trigger
        key: =input.contact
        steps:
          - { update: salesforce/Contact, record: =input.contact, set: { Title: =input.title } }
        """;

    [Fact]
    public async Task Copies_of_a_tests_event_are_measured_and_what_they_wrote_is_counted()
    {
        var (code, output, problems) = await FlowAsync("bench", Path.Combine(AppContext.BaseDirectory, "flows", "membership-to-campaign"), "--events", "20", "--latency", "0", "--repeat", "2", "--json");
        Assert.True(code == 0, problems);
        using var report = JsonDocument.Parse(output);
        Assert.Equal(2, report.RootElement.GetProperty("runs").GetArrayLength());
        foreach (var run in report.RootElement.GetProperty("runs").EnumerateArray().Append(report.RootElement.GetProperty("median")))
        {
            Assert.Equal("membership-to-campaign", run.GetProperty("template").GetString());
            Assert.Equal(20, run.GetProperty("events").GetInt64());
            Assert.Equal(20, run.GetProperty("runs").GetProperty("succeeded").GetInt32());
            // Each makes a campaign member of its own and changes its own contact.
            Assert.Equal(40, run.GetProperty("recordsWritten").GetInt64());
            Assert.Equal(0, run.GetProperty("failures").GetInt64());
            Assert.True(run.GetProperty("eventsPerSecond").GetDouble() > 0);
            Assert.InRange(run.GetProperty("p50Ms").GetDouble(), 0.001, run.GetProperty("p99Ms").GetDouble());
            // The fewest calls there can be: a poll, a lookup and two writes; far fewer than one call for each record.
            Assert.InRange(run.GetProperty("callsPer1000").GetDouble(), 4 * 50, 4000 - 1);
            Assert.True(run.GetProperty("cpuSecondsPer1000").GetDouble() > 0);
            Assert.True(run.GetProperty("peakMemoryMb").GetDouble() > 20);
            Assert.True(run.GetProperty("startUpSeconds").GetDouble() > 0);
        }
    }

    [Fact]
    public async Task Calls_are_handed_in_and_a_run_that_fails_is_told_and_ends_with_1()
    {
        using var folder = new Folder(
            ("flow.yaml", Flow),
            ("flow.tests.yaml", """
                flow: called
                tests:
                  - name: a known person
                    given:
                      salesforce: { Contact: [{ Id: she, LastName: Park }] }
                      events: [{ webhook: { contact: she, title: Chief } }]
                    expect: { runs: { succeeded: 1 } }
                  - name: a person nobody knows
                    given:
                      events: [{ webhook: { contact: 0035g00000ZZZZZ, title: Chief } }]
                    expect: { runs: { failed: 1 } }
                """));
        var (good, output, problems) = await FlowAsync("bench", folder.Path, "--events", "12", "--latency", "1", "--test", "a known");
        Assert.True(good == 0, problems + output);
        Assert.Contains("12 times “a known person”", output, StringComparison.Ordinal);
        var cells = output.Trim().Split('\n')[^1].Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal("12", cells[0]);
        Assert.Equal("12", cells[7]);
        Assert.Equal("0", cells[8]);
        Assert.True(double.Parse(cells[1], NumberStyles.Number, CultureInfo.InvariantCulture) > 0);

        var (bad, table, told) = await FlowAsync("bench", folder.Path, "--events", "3", "--latency", "0", "--test", "nobody knows");
        Assert.Equal(1, bad);
        Assert.Equal("3", table.Trim().Split('\n')[^1].Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[8]);
        Assert.Contains("3 failed: ", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_measured_is_told_in_a_sentence()
    {
        using var folder = new Folder(("flow.yaml", Flow));
        var (code, _, told) = await FlowAsync("bench", folder.Path);
        Assert.Equal((2, true), (code, told.Contains("write flow.tests.yaml beside the flow", StringComparison.Ordinal)));
        (code, _, told) = await FlowAsync("bench", folder.Path, "--events", "0");
        Assert.Equal((2, true), (code, told.Contains("--events must be between 1 and 100000.", StringComparison.Ordinal)));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "flow.yaml"), Flow.Replace("input.title", "input.titel", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        (code, var output, told) = await FlowAsync("bench", folder.Path);
        Assert.Equal(1, code);
        Assert.Contains("flow.yaml:9:", output, StringComparison.Ordinal);
        Assert.Contains("mistakes", told, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Problems)> FlowAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        foreach (var argument in arguments.Prepend(Path.Combine(AppContext.BaseDirectory, "flow.dll"))) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var (output, problems) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await problems);
    }

    private sealed class Folder : IDisposable
    {
        public Folder(params (string Name, string Content)[] files)
        {
            foreach (var (name, content) in files) File.WriteAllText(System.IO.Path.Combine(Path, name), content);
        }

        public string Path { get; } = Directory.CreateTempSubdirectory("called-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
