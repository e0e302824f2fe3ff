using System.Diagnostics;
using System.Text.Json;

namespace WorkflowEngine.EndToEnd.Tests.Demo;

public sealed class DemoCommandTests
{
    [Fact]
    public async Task All_six_templates_run_at_once_and_both_sides_agree()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet") { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var argument in new[] { Path.Combine(AppContext.BaseDirectory, "flow.dll"), "demo", "--events", "60", "--exit", "--json" }) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        using var report = JsonDocument.Parse(output[output.IndexOf('{', StringComparison.Ordinal)..]);
        var differences = report.RootElement.GetProperty("Reconciliation").EnumerateArray().SelectMany(r => r.GetProperty("Differences").EnumerateArray().Select(d => d.GetString())).ToList();
        Assert.True(differences.Count == 0, string.Join("\n", differences));
        Assert.Equal(0, process.ExitCode);
        Assert.Equal(0, report.RootElement.GetProperty("Duplicates").GetInt32());
        Assert.All(report.RootElement.GetProperty("Reconciliation").EnumerateArray(), r => Assert.True(r.GetProperty("Checked").GetInt32() > 0, $"Nothing was checked: {r}"));
        Assert.Equal(
            [
                "completed-job-to-opportunity", "customer-to-salesforce", "invoice-control", "invoice-job-revenue", "invoice-to-revenue", "low-rating-outcome", "low-rating-to-case", "membership-reminder", "membership-to-campaign",
                "won-opportunity-to-job",
            ],
            report.RootElement.GetProperty("Flows").EnumerateArray().Where(f => f.GetProperty("Events").GetInt64() > 0).Select(f => f.GetProperty("Flow").GetString()));
    }
}
