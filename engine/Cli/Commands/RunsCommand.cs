using System.CommandLine;
using System.Text.Json;

namespace WorkflowEngine.Cli;

/// <summary><c>flow runs list|show|replay</c>.</summary>
internal static class RunsCommand
{
    public static Command Create(Terminal terminal)
    {
        var server = ServerOption.Create();
        var json = ServerOption.Json();
        var deployment = new Option<string?>("--deployment") { Description = "Only runs of this deployment" };
        var outcome = new Option<string?>("--outcome") { Description = "succeeded, stopped, filtered, unchanged, superseded or failed" };
        var key = new Option<string?>("--key") { Description = "Only runs of this key" };
        var limit = new Option<int>("--limit") { Description = "Most rows (default 20)", DefaultValueFactory = _ => 20 };
        var list = new Command("list", "Finished runs, newest first") { server, json, deployment, outcome, key, limit };
        list.SetAction(async (parsed, cancel) =>
        {
            using var client = new ServerClient(parsed.GetValue(server)!);
            var query = Query.Of(
                ("deployment", parsed.GetValue(deployment)), ("outcome", parsed.GetValue(outcome)), ("key", parsed.GetValue(key)), ("limit", parsed.GetValue(limit).ToString(System.Globalization.CultureInfo.InvariantCulture)));
            var answer = await client.GetAsync("/api/runs" + query, cancel).ConfigureAwait(false);
            if (parsed.GetValue(json)) terminal.Line(answer.GetRawText());
            else Show(terminal, answer.GetProperty("data"));
            return ExitCode.Good;
        });

        var id = new Argument<string>("ID") { Description = "The run's id" };
        var show = new Command("show", "One run with its steps and effects") { id, server };
        show.SetAction(async (parsed, cancel) =>
        {
            using var client = new ServerClient(parsed.GetValue(server)!);
            terminal.Line(Pretty.Json(await client.GetAsync("/api/runs/" + Uri.EscapeDataString(parsed.GetValue(id)!), cancel).ConfigureAwait(false)));
            return ExitCode.Good;
        });
        return new Command("runs", "Shows what flows did") { list, show, CreateReplay(terminal) };
    }

    private static Command CreateReplay(Terminal terminal)
    {
        var (id, server, json) = (new Argument<string>("ID") { Description = "The run's id" }, ServerOption.Create(), ServerOption.Json());
        var from = new Option<string>("--from") { Description = "start (default): the record is read again; step: a failed run goes on from the failed step", DefaultValueFactory = _ => "start" };
        from.AcceptOnlyFromAmong("start", "step");
        var replay = new Command("replay", "Makes a new event of a run") { id, from, server, json };
        replay.SetAction(async (parsed, cancel) =>
        {
            using var client = new ServerClient(parsed.GetValue(server)!);
            var answer = await client.PostAsync($"/api/runs/{Uri.EscapeDataString(parsed.GetValue(id)!)}/replay", new { from = parsed.GetValue(from) }, cancel).ConfigureAwait(false);
            if (parsed.GetValue(json)) terminal.Line(answer.GetRawText());
            else terminal.Good(answer.GetProperty("same").GetBoolean() ? "It was replayed already; nothing more happens." : $"Replayed: event {answer.GetProperty("event")}.");
            return ExitCode.Good;
        });
        return replay;
    }

    private static void Show(Terminal terminal, JsonElement rows)
    {
        if (rows.GetArrayLength() == 0)
        {
            terminal.Line("There are no runs that fit.");
            return;
        }

        terminal.Table(
            ["run", "deployment", "key", "outcome", "effects", "attempts", "ended", "text"],
            rows.EnumerateArray().Select(r => (IReadOnlyList<string>)[
                Text(r, "id"), Text(r, "deployment"), Text(r, "key"), Text(r, "outcome"), Text(r, "effects"), Text(r, "attempts"), Text(r, "endedAt"), Text(r, "text")]));
    }

    private static string Text(JsonElement row, string name) => Pretty.Text(row.GetProperty(name));
}
