using System.CommandLine;
using System.Text.Json;

namespace WorkflowEngine.Cli;

/// <summary><c>flow reviews list|show|decide</c>.</summary>
internal static class ReviewsCommand
{
    public static Command Create(Terminal terminal) =>
        new("reviews", "Shows what only a person can decide, and takes the decision") { CreateList(terminal), CreateShow(terminal), CreateDecide(terminal) };

    private static Command CreateList(Terminal terminal)
    {
        var server = ServerOption.Create();
        var json = ServerOption.Json();
        var all = new Option<bool>("--all") { Description = "Also those that were decided" };
        var list = new Command("list", "Reviews, newest first") { server, json, all };
        list.SetAction(async (parsed, cancel) =>
        {
            using var client = new ServerClient(parsed.GetValue(server)!);
            var answer = await client.GetAsync("/api/reviews" + Query.Of(("state", parsed.GetValue(all) ? "all" : null)), cancel).ConfigureAwait(false);
            if (parsed.GetValue(json)) terminal.Line(answer.GetRawText());
            else Show(terminal, answer.GetProperty("data"));
            return ExitCode.Good;
        });
        return list;
    }

    private static Command CreateShow(Terminal terminal)
    {
        var server = ServerOption.Create();
        var id = new Argument<string>("ID") { Description = "The review" };
        var show = new Command("show", "One review with the records in question") { id, server };
        show.SetAction(async (parsed, cancel) =>
        {
            using var client = new ServerClient(parsed.GetValue(server)!);
            terminal.Line(Pretty.Json(await client.GetAsync($"/api/reviews/{Uri.EscapeDataString(parsed.GetValue(id)!)}", cancel).ConfigureAwait(false)));
            return ExitCode.Good;
        });
        return show;
    }

    private static Command CreateDecide(Terminal terminal)
    {
        var server = ServerOption.Create();
        var id = new Argument<string>("ID") { Description = "The review" };
        var decision = new Argument<string>("DECISION") { Description = "use, create, skip, approve, reject or dismiss; the review says which it takes" };
        var record = new Option<string?>("--record") { Description = "For use: the record that is meant" };
        var comment = new Option<string?>("--comment") { Description = "For whoever reads it later" };
        var decide = new Command("decide", "Decides a review; its run goes on") { id, decision, server, record, comment };
        decide.SetAction(async (parsed, cancel) =>
        {
            using var client = new ServerClient(parsed.GetValue(server)!);
            var answer = await client.PostAsync(
                $"/api/reviews/{Uri.EscapeDataString(parsed.GetValue(id)!)}/decision",
                new { decision = parsed.GetValue(decision), record = parsed.GetValue(record), comment = parsed.GetValue(comment) },
                cancel).ConfigureAwait(false);
            terminal.Good($"Decided: {answer.GetProperty("decision").GetString()}. The run goes on.");
            return ExitCode.Good;
        });
        return decide;
    }

    private static void Show(Terminal terminal, JsonElement rows)
    {
        if (rows.GetArrayLength() == 0)
        {
            terminal.Line("Nothing waits for a decision.");
            return;
        }

        terminal.Table(
            ["id", "deployment", "key", "step", "kind", "takes", "message", "since"],
            rows.EnumerateArray().Select(r => (IReadOnlyList<string>)
            [
                Text(r, "id"), Text(r, "deployment"), Text(r, "key"), Text(r, "step"), Text(r, "kind"), string.Join(", ", r.GetProperty("takes").EnumerateArray().Select(t => t.GetString())),
                Text(r, "message"), Text(r, "openedAt"),
            ]));
    }

    private static string Text(JsonElement row, string name) => Pretty.Text(row.GetProperty(name));
}
