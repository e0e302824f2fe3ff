using System.Text.Json;
using System.Text.Json.Nodes;

namespace WorkflowEngine.Cli;

/// <summary>A plan kept in a file, and compared later with what happened.</summary>
internal static class PlanComparer
{
    /// <summary>A plan of thousands of events is larger than a request may be.</summary>
    private const int AtOnce = 500;

    public static void Save(string file, string deployment, DateTimeOffset since, JsonElement plan)
    {
        try
        {
            File.WriteAllText(file, JsonSerializer.Serialize(new { deployment, since, runs = plan.GetProperty("runs") }));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UnusableException($"The file '{file}' cannot be written: {e.Message}");
        }
    }

    /// <summary>Ends with 1 where the plan did not come true.</summary>
    public static async Task<int> RunAsync(Terminal terminal, string server, string deployment, string file, bool json, CancellationToken cancellationToken)
    {
        var (since, runs) = Read(file);
        using var client = new ServerClient(server);
        var (events, effects, equal) = (0, 0, 0);
        var deviations = new List<JsonElement>();
        foreach (var part in runs.Chunk(AtOnce))
        {
            var answer = await client.PostAsync("/api/flows/plan/outcome", new { deployment, since, runs = part }, cancellationToken).ConfigureAwait(false);
            events += answer.GetProperty("events").GetInt32();
            effects += answer.GetProperty("effects").GetInt32();
            equal += answer.GetProperty("equal").GetInt32();
            deviations.AddRange(answer.GetProperty("deviations").EnumerateArray());
        }

        if (json) terminal.Line(JsonSerializer.Serialize(new { events, effects, equal, deviations }));
        else Show(terminal, events, effects, equal, deviations);
        return deviations.Count == 0 ? ExitCode.Good : ExitCode.Mistakes;
    }

    private static void Show(Terminal terminal, int events, int effects, int equal, List<JsonElement> deviations)
    {
        foreach (var deviation in deviations)
        {
            terminal.Line($"{Pretty.Text(deviation.GetProperty("event"))}: {Pretty.Text(deviation.GetProperty("why"))}");
            foreach (var (word, list) in new[] { ("predicted", "predicted"), ("did", "actual") })
            {
                foreach (var effect in deviation.GetProperty(list).EnumerateArray())
                {
                    var fields = effect.GetProperty("fields").EnumerateObject().Select(f => $"{f.Name}={(f.Value.ValueKind == JsonValueKind.Null ? "(known after apply)" : f.Value.GetString())}");
                    terminal.Line($"  {word}: {Pretty.Text(effect.GetProperty("verb"))} {Pretty.Text(effect.GetProperty("entity"))} {string.Join(", ", fields)}");
                }
            }
        }

        var text = $"{equal} of {effects} writes of {events} events came as predicted.";
        if (deviations.Count == 0) terminal.Good(text);
        else terminal.Problem(text);
    }

    private static (string Since, IReadOnlyList<JsonNode?> Runs) Read(string file)
    {
        if (!File.Exists(file)) throw new UnusableException($"There is no file '{file}'.");
        try
        {
            if (JsonNode.Parse(File.ReadAllText(file)) is JsonObject plan && plan["since"]?.GetValue<string>() is { } since && plan["runs"] is JsonArray runs) return (since, [.. runs]);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new UnusableException($"'{file}' is no saved plan: {e.Message}");
        }

        throw new UnusableException($"'{file}' is no saved plan; 'flow plan --save FILE' writes one.");
    }
}
