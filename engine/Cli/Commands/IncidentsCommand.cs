using System.CommandLine;
using System.Text.Json;

namespace WorkflowEngine.Cli;

/// <summary><c>flow incidents</c>: equal failures as one thing.</summary>
internal static class IncidentsCommand
{
    public static Command Create(Terminal terminal)
    {
        var (server, json) = (ServerOption.Create(), ServerOption.Json());
        var all = new Option<bool>("--all") { Description = "Also those that are over" };
        var command = new Command("incidents", "What is wrong now: equal failures as one row with their count") { server, json, all };
        command.SetAction(async (parsed, cancel) =>
        {
            using var client = new ServerClient(parsed.GetValue(server)!);
            var answer = await client.GetAsync("/api/incidents" + Query.Of(("all", parsed.GetValue(all) ? "true" : null)), cancel).ConfigureAwait(false);
            if (parsed.GetValue(json)) terminal.Line(answer.GetRawText());
            else Show(terminal, answer.GetProperty("data"), parsed.GetValue(all));
            return ExitCode.Good;
        });
        return command;
    }

    private static void Show(Terminal terminal, JsonElement rows, bool all)
    {
        if (rows.GetArrayLength() == 0)
        {
            terminal.Line(all ? "There was no incident yet." : "No incident is open.");
            return;
        }

        terminal.Table(
            ["deployment", "count", "first", "last", "over since", "message", "incident"],
            rows.EnumerateArray().Select(r => (IReadOnlyList<string>)[
                Text(r, "deployment"), Text(r, "count"), Text(r, "firstSeen"), Text(r, "lastSeen"), Text(r, "recoveredAt"), Text(r, "message"), Text(r, "fingerprint")]));
    }

    private static string Text(JsonElement row, string name) => Pretty.Text(row.GetProperty(name));
}
