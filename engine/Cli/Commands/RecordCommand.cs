using System.Text.Json;
using System.Text.Json.Nodes;
using WorkflowEngine.FlowTesting;

namespace WorkflowEngine.Cli;

/// <summary><c>flow test PATH --from-run ID</c>: a test made of a run that a server keeps. Exit 0 it is written, 1 none can be made, 2 unusable input.</summary>
internal static class RecordCommand
{
    public static async Task<int> RunAsync(Terminal terminal, string[] paths, string id, string? name, string server, CancellationToken cancellationToken)
    {
        var files = FlowPaths.Read([.. paths.Select(p => File.Exists(p) ? Path.GetDirectoryName(Path.GetFullPath(p))! : p).Distinct()]);
        using var client = new ServerClient(server);
        var detail = await client.GetAsync("/api/runs/" + Uri.EscapeDataString(id), cancellationToken).ConfigureAwait(false);
        var row = detail.GetProperty("run");
        if (detail.GetProperty("steps") is not { ValueKind: JsonValueKind.Array } steps) throw new UnusableException($"What the run {id} did is no longer kept.");
        var place = row.GetProperty("deployment").GetString()!;
        var deployments = await client.GetAsync("/api/deployments", cancellationToken).ConfigureAwait(false);
        if (deployments.GetProperty("data").EnumerateArray().FirstOrDefault(d => d.GetProperty("name").GetString() == place) is not { ValueKind: JsonValueKind.Object } deployment)
        {
            throw new UnusableException($"The deployment '{place}' of the run is gone: nobody knows where its records are.");
        }

        var told = (await client.GetAsync("/api/deployments/" + Uri.EscapeDataString(place.Split('/')[0]), cancellationToken).ConfigureAwait(false)).GetProperty("specification");
        var bound = deployment.GetProperty("connections");
        var run = new RecordedRun(
            row.GetProperty("id").GetString()!, deployment.GetProperty("flow").GetString()!, row.GetProperty("trigger").GetString()!, row.GetProperty("record").GetString(),
            row.GetProperty("startedAt").GetDateTimeOffset(), [.. steps.EnumerateArray().Select(Step)])
        {
            Input = detail.GetProperty("input") is { ValueKind: JsonValueKind.Object } input ? JsonObject.Create(input) : null, Parameters = Part(told, "parameters"), Tables = Part(told, "tables"),
        };
        var made = await RecordedTests.MakeAsync(
            files, run,
            async (connection, entity, field, value, cancel) =>
            {
                if (!bound.TryGetProperty(connection, out var at)) return [];
                try
                {
                    var answer = await client.GetAsync($"/api/connections/{Uri.EscapeDataString(at.GetProperty("name").GetString()!)}/records/{Uri.EscapeDataString(entity)}" + Query.Of(("by", field), ("value", value), ("limit", "25")), cancel).ConfigureAwait(false);
                    return [.. answer.GetProperty("data").EnumerateArray().Select(found => JsonObject.Create(found)!)];
                }
                catch (UnusableException)
                {
                    // Some records cannot be asked for so; the test says that it has none.
                    return [];
                }
            },
            name, cancellationToken).ConfigureAwait(false);
        if (made.Problem is { } problem)
        {
            terminal.Problem(problem);
            return ExitCode.Mistakes;
        }

        await File.WriteAllTextAsync(made.Path, made.Content, cancellationToken).ConfigureAwait(false);
        terminal.Line(made.Test.TrimEnd());
        foreach (var note in made.Notes) terminal.Problem(note);
        terminal.Good($"The test holds and stands at the end of {made.Path}. Read it before you keep it: what the flow did is what it expects.");
        return ExitCode.Good;
    }

    private static RecordedStep Step(JsonElement step) => new(
        step.GetProperty("step").GetString()!, Text(step, "entity"), List(step, "ids").Select(i => i.GetString()!).ToList(), Text(step, "did"), Text(step, "id"),
        List(step, "fields").Select(f => f.GetProperty("name").GetString()!).ToList());

    private static string? Text(JsonElement step, string name) => step.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static IEnumerable<JsonElement> List(JsonElement step, string name) => step.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [];

    private static JsonObject? Part(JsonElement told, string name) =>
        told.ValueKind == JsonValueKind.Object && told.TryGetProperty(name, out var part) && part.ValueKind == JsonValueKind.Object ? JsonObject.Create(part) : null;
}
