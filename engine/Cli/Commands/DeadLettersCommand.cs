using System.CommandLine;
using System.Text.Json;

namespace WorkflowEngine.Cli;

/// <summary><c>flow dead-letters list|groups|show|replay|edit|discard</c>.</summary>
internal static class DeadLettersCommand
{
    private const string NoneFit = "There are no dead letters that fit.";

    public static Command Create(Terminal terminal) =>
        new("dead-letters", "Shows what could not go on by itself, and replays, changes or closes it")
        {
            CreateList(terminal), CreateGroups(terminal), CreateShow(terminal), CreateReplay(terminal), CreateEdit(terminal), CreateDiscard(terminal),
        };

    private static Command CreateList(Terminal terminal)
    {
        var server = ServerOption.Create();
        var json = ServerOption.Json();
        var deployment = new Option<string?>("--deployment") { Description = "Only of this deployment" };
        var state = new Option<string?>("--state") { Description = "open (default), replayed, discarded, superseded or all" };
        var key = new Option<string?>("--key") { Description = "Only of this key" };
        var fingerprint = new Option<string?>("--incident") { Description = "Only of this incident (fingerprint)" };
        var list = new Command("list", "Dead letters, newest first") { server, json, deployment, state, key, fingerprint };
        list.SetAction(async (parsed, cancel) =>
        {
            using var client = new ServerClient(parsed.GetValue(server)!);
            var query = Query.Of(("deployment", parsed.GetValue(deployment)), ("state", parsed.GetValue(state)), ("key", parsed.GetValue(key)), ("fingerprint", parsed.GetValue(fingerprint)));
            var answer = await client.GetAsync("/api/dead-letters" + query, cancel).ConfigureAwait(false);
            if (parsed.GetValue(json)) terminal.Line(answer.GetRawText());
            else Show(terminal, answer.GetProperty("data"));
            return ExitCode.Good;
        });
        return list;
    }

    private static Command CreateGroups(Terminal terminal)
    {
        var (server, json) = (ServerOption.Create(), ServerOption.Json());
        var deployment = new Option<string?>("--deployment") { Description = "Only of this deployment" };
        var groups = new Command("groups", "Open dead letters that failed alike, as one row each; 'replay --incident' takes one") { server, json, deployment };
        groups.SetAction(async (parsed, cancel) =>
        {
            using var client = new ServerClient(parsed.GetValue(server)!);
            var answer = await client.GetAsync("/api/dead-letters/groups" + Query.Of(("deployment", parsed.GetValue(deployment))), cancel).ConfigureAwait(false);
            var rows = answer.GetProperty("data");
            if (parsed.GetValue(json)) terminal.Line(answer.GetRawText());
            else if (rows.GetArrayLength() == 0) terminal.Line(NoneFit);
            else
            {
                terminal.Table(
                    ["count", "deployment", "step", "kind", "code", "message", "first", "last", "incident"],
                    rows.EnumerateArray().Select(r => (IReadOnlyList<string>)[
                        Text(r, "count"), Text(r, "deployment"), Text(r, "step"), Text(r, "kind"), Text(r, "code"), Text(r, "message"), Text(r, "first"), Text(r, "last"), Text(r, "fingerprint")]));
            }

            return ExitCode.Good;
        });
        return groups;
    }

    private static Command CreateShow(Terminal terminal)
    {
        var (server, id) = (ServerOption.Create(), Id());
        var show = new Command("show", "One dead letter with its attempts and its record") { id, server };
        show.SetAction(async (parsed, cancel) =>
        {
            using var client = new ServerClient(parsed.GetValue(server)!);
            terminal.Line(Pretty.Json(await client.GetAsync(Path(parsed.GetValue(id)), cancel).ConfigureAwait(false)));
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

    private static Command CreateEdit(Terminal terminal)
    {
        var (server, id) = (ServerOption.Create(), Id());
        var record = new Option<FileInfo>("--record") { Description = "A JSON file with the whole record as it shall be; 'show' tells it as it is", Required = true };
        var edit = new Command("edit", "Replays a dead letter with its record changed") { id, record, server };
        edit.SetAction(async (parsed, cancel) =>
        {
            var payload = await ReadAsync(parsed.GetValue(record)!, cancel).ConfigureAwait(false);
            using var client = new ServerClient(parsed.GetValue(server)!);
            var answer = await client.PatchAsync(Path(parsed.GetValue(id)), new { payload }, cancel).ConfigureAwait(false);
            terminal.Good($"{Text(answer, "id")} is {Text(answer, "state")} with its record changed.");
            return ExitCode.Good;
        });
        return edit;
    }

    private static Command CreateDiscard(Terminal terminal)
    {
        var (server, id) = (ServerOption.Create(), Id());
        var reason = new Option<string>("--reason") { Description = "For whoever reads it later", Required = true };
        var discard = new Command("discard", "Closes a dead letter without a replay") { id, reason, server };
        discard.SetAction(async (parsed, cancel) =>
        {
            using var client = new ServerClient(parsed.GetValue(server)!);
            var answer = await client.PatchAsync(Path(parsed.GetValue(id)), new { discard = parsed.GetValue(reason) }, cancel).ConfigureAwait(false);
            terminal.Good($"{Text(answer, "id")} is {Text(answer, "state")}: {Text(answer, "note")}.");
            return ExitCode.Good;
        });
        return discard;
    }

    private static Argument<long> Id() => new("ID") { Description = "The dead letter's number" };

    private static string Path(long id) => $"/api/dead-letters/{id}";

    private static async Task<JsonElement> ReadAsync(FileInfo file, CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(await File.ReadAllTextAsync(file.FullName, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new UnusableException($"{file.FullName} cannot be read as JSON: {e.Message.TrimEnd('.')}.");
        }
    }

    private static void Show(Terminal terminal, JsonElement rows)
    {
        if (rows.GetArrayLength() == 0)
        {
            terminal.Line(NoneFit);
            return;
        }

        terminal.Table(
            ["no", "deployment", "key", "step", "kind", "code", "message", "at"],
            rows.EnumerateArray().Select(r => (IReadOnlyList<string>)[
                Text(r, "id"), Text(r, "deployment"), Text(r, "key"), Text(r, "step"), Text(r, "kind"), Text(r, "code"), Text(r, "message"), Text(r, "at")]));
    }

    private static string Text(JsonElement row, string name) => Pretty.Text(row.GetProperty(name));
}
