using System.Diagnostics;
using WorkflowEngine.EndToEnd.Tests.World;

namespace WorkflowEngine.EndToEnd.Tests.Workspaces;

/// <summary><c>flow run</c> as a person types it: the built program, a template, a file with the input.</summary>
public sealed class RunCommandTests
{
    private const string Customer = """
        { "id": 48120117, "active": true, "name": "Dr. Mary-Jane van der Berg Jr.", "type": "Residential", "tagTypeIds": [],
          "address": { "street": "12 Alder St", "city": "Boise", "state": "ID", "zip": "83702", "country": "USA" } }
        """;

    [Fact]
    public async Task A_template_runs_against_the_simulators_and_tells_each_record_it_wrote()
    {
        var (code, output, problems) = await RunAsync(WorkspaceFolder.RepositoryFlow, Customer, "--param", "country=CA", "--param", "contacts=byMemo");
        Assert.True(code == 0, output + problems);
        Assert.Contains("outcome: succeeded", output, StringComparison.Ordinal);
        Assert.Contains("Account", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_parameter_the_template_does_not_have_is_told_with_those_it_has_and_nothing_runs()
    {
        var (code, output, problems) = await RunAsync(WorkspaceFolder.RepositoryFlow, Customer, "--param", "county=CA");
        Assert.Equal(2, code);
        Assert.Contains("WF5106", output + problems, StringComparison.Ordinal);
        Assert.Contains("country", output + problems, StringComparison.Ordinal);
        Assert.DoesNotContain("outcome", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"id\": 5", "The body is no JSON")]
    [InlineData("{\"name\": \"Ann\"}", "every event needs one")]
    [InlineData("[]", "The body must be one JSON object")]
    public async Task An_input_that_does_not_fit_is_one_sentence_and_exit_code_2(string input, string sentence)
    {
        var (code, output, problems) = await RunAsync(WorkspaceFolder.RepositoryFlow, input);
        Assert.Equal(2, code);
        Assert.Contains(sentence, output + problems, StringComparison.Ordinal);
        Assert.Single((output + problems).Trim().Split('\n'));
    }

    [Fact]
    public async Task A_workspace_without_that_connection_is_told_as_such()
    {
        using var folder = new WorkspaceFolder();
        var (code, output, problems) = await RunAsync(WorkspaceFolder.RepositoryFlow, Customer, "--against", "connections", "--workspace", folder.Path);
        Assert.Equal(2, code);
        Assert.Contains("There is no connection 'servicetitan'", output + problems, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Problems)> RunAsync(string flow, string input, params string[] more)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, input);
            var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
            foreach (var argument in (string[])[Path.Combine(AppContext.BaseDirectory, "flow.dll"), "run", flow, "--input", file, .. more]) start.ArgumentList.Add(argument);
            using var process = Process.Start(start)!;
            var problems = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, output, await problems);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
