using System.CommandLine;
using System.Text.Json;

namespace WorkflowEngine.Cli;

/// <summary><c>flow dead-letters list|show|replay</c>.</summary>
internal static class DeadLettersCommand
{
    public static Command Create(Terminal terminal) =>
        new("dead-letters", "Shows what could not go on by itself, and replays it") { CreateList(terminal), CreateShow(terminal), CreateReplay(terminal) };

    private static Command CreateList(Terminal terminal)
    {
        var server = ServerOption.Create();
        var json = ServerOption.Json();
        var deployment = new Option<string?>("--deployment") { Description = "Only of this deployment" };
        var state = new Option<string?>("--state") { Description = "open (default), replayed, discarded, superseded or all" };
        var key = new Option<string?>("--key") { Description = "Only of this key" };
        var list = new Command("list", "Dead letters, newest first") { server, json, deployment, state, key };
        list.SetAction(async (parsed, cancel) =>
        {
            using var client = new ServerClient(parsed.GetValue(server)!);
            var query = Query.Of(("deployment", parsed.GetValue(deployment)), ("state", parsed.GetValue(state)), ("key", parsed.GetValue(key)));
            var answer = await client.GetAsync("/api/dead-letters" + query, cancel).ConfigureAwait(false);
            if (parsed.GetValue(json)) terminal.Line(answer.GetRawText());
            else Show(terminal, answer.GetProperty("data"));
            return ExitCode.Good;
        });
        return list;
    }

    private static Command CreateShow(Terminal terminal)
    {
        var server = ServerOption.Create();
        var id = new Argument<long>("ID") { Description = "The dead letter's number" };
        var show = new Command("show", "One dead letter with its attempts and its record") { id, server };
        show.SetAction(async (parsed, cancel) =>
        {
            using var client = new ServerClient(parsed.GetValue(server)!);
            terminal.Line(Pretty.Json(await client.GetAsync($"/api/dead-letters/{parsed.GetValue(id)}", cancel).ConfigureAwait(false)));
            return ExitCode.Good;
        });
        return show;
    }

    private static Command CreateReplay(Terminal terminal)
    {
        var server = ServerOption.Create();
        var ids = new Argument<long[]>("ID") { Description = "Numbers of dead letters", Arity = ArgumentArity.ZeroOrMore };
        var deployment = new Option<string?>("--deployment") { Description = "Or all open ones of this deployment" };
        var key = new Option<string?>("--key") { Description = "Only of this key" };
        var fingerprint = new Option<string?>("--incident") { Description = "Only of this incident (fingerprint)" };
        var from = new Option<string>("--from") { Description = "start (default): the record is read again; step: on from the failed step", DefaultValueFactory = _ => "start" };
        from.AcceptOnlyFromAmong("start", "step");
        var replay = new Command("replay", "Makes new events of dead letters") { ids, server, deployment, key, fingerprint, from };
        replay.SetAction(async (parsed, cancel) =>
        {
            var given = parsed.GetValue(ids) ?? [];
            using var client = new ServerClient(parsed.GetValue(server)!);
            var answer = await client.PostAsync(
                "/api/dead-letters/replay",
                new
                {
                    ids = given.Length == 0 ? null : given, deployment = parsed.GetValue(deployment), key = parsed.GetValue(key),
                    fingerprint = parsed.GetValue(fingerprint), from = parsed.GetValue(from),
                },
                cancel).ConfigureAwait(false);
            terminal.Good($"{answer.GetProperty("replayed").GetInt32()} replayed.");
            foreach (var refused in answer.GetProperty("refused").EnumerateArray())
            {
                terminal.Problem($"{refused.GetProperty("id")}: {refused.GetProperty("why").GetString()}");
            }

            return answer.GetProperty("refused").GetArrayLength() == 0 ? ExitCode.Good : ExitCode.Mistakes;
        });
        return replay;
    }

    private static void Show(Terminal terminal, JsonElement rows)
    {
        if (rows.GetArrayLength() == 0)
        {
            terminal.Line("There are no dead letters that fit.");
            return;
        }

        terminal.Table(
            ["no", "deployment", "key", "step", "kind", "code", "message", "at"],
            rows.EnumerateArray().Select(r => (IReadOnlyList<string>)[
                Text(r, "id"), Text(r, "deployment"), Text(r, "key"), Text(r, "step"), Text(r, "kind"), Text(r, "code"), Text(r, "message"), Text(r, "at")]));
    }

    private static string Text(JsonElement row, string name) => Pretty.Text(row.GetProperty(name));
}
