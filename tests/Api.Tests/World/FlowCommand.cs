using System.Diagnostics;

namespace WorkflowEngine.Api.Tests;

/// <summary>The command <c>flow</c> as a process of its own.</summary>
internal static class FlowCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Runs it to its end.</summary>
    /// <param name="server">The server it talks to; null = it is not told any.</param>
    /// <param name="key">The API key in its environment.</param>
    /// <param name="environment">What else stands in its environment.</param>
    /// <param name="arguments">What is typed.</param>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(Uri? server, string? key, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "flow.dll"), .. arguments, .. server is null ? Array.Empty<string>() : ["--server", server.GetLeftPart(UriPartial.Authority)]])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["FLOW_API_KEY"] = key ?? "";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        start.Environment["NO_COLOR"] = "1";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>What it prints when all is well: nothing on the error stream.</summary>
    public static async Task<string> GoodAsync(ApiWorld world, params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(world.Address, null, world.Environment, arguments);
        Assert.True(code == 0 && errors.Length == 0, $"flow {string.Join(' ', arguments)}: {code}\n{output}{errors}");
        return output;
    }

    /// <summary>What it says when it cannot be done: one sentence on the error stream, nothing on the other.</summary>
    public static async Task<string> RefusedAsync(ApiWorld world, params string[] arguments)
    {
        var (code, output, errors) = await RunAsync(world.Address, null, world.Environment, arguments);
        Assert.True(code == 2 && output.Length == 0, $"flow {string.Join(' ', arguments)}: {code}\n{output}{errors}");
        return errors;
    }

    /// <summary>The cells of a table's rows by the names of their columns: columns stand below each other.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> Table(string output)
    {
        var lines = output.TrimEnd('\n').Split('\n');
        var columns = new List<(string Name, int Start, int End)>();
        for (var (at, line) = (0, lines[1]); at < line.Length;)
        {
            var end = line.IndexOf(' ', at) is var space and >= 0 ? space : line.Length;
            columns.Add((lines[0][at..Math.Min(end, lines[0].Length)].Trim(), at, end));
            at = end + 2;
        }

        return [.. lines[2..].Select(row => columns.ToDictionary(c => c.Name, c => c.Start >= row.Length ? "" : row[c.Start..Math.Min(c.End, row.Length)].Trim()))];
    }
}
