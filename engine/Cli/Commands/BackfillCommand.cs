using System.CommandLine;
using System.Text.Json;

namespace WorkflowEngine.Cli;

/// <summary><c>flow backfill begin|list|cancel</c>, against a server.</summary>
internal static class BackfillCommand
{
    public static Command Create(Terminal terminal) =>
        new("backfill", "Hands in records that were there before, beside live events") { CreateBegin(terminal), CreateList(terminal), CreateCancel(terminal), CreateBudgets(terminal) };

    private static Command CreateBegin(Terminal terminal)
    {
        var (server, name) = (ServerOption.Create(), Name());
        var flow = new Option<string?>("--flow") { Description = "Of a deployment with several flows: which" };
        var trigger = new Option<string?>("--trigger") { Description = "Of a flow with several triggers that read records: which (default: the first)" };
        var by = new Option<string?>("--by") { Description = "feed (default), query, or list (default with --records)" };
        by.AcceptOnlyFromAmong("feed", "query", "list");
        var from = new Option<DateTimeOffset?>("--from") { Description = "Only what changed since then" };
        var records = new Option<string[]>("--records") { Description = "Ids of records", AllowMultipleArgumentsPerToken = true };
        var begin = new Command("begin", "Begins a backfill; it goes on in the server, also after its restart") { name, flow, trigger, by, from, records, server };
        begin.SetAction(async (parsed, cancel) =>
        {
            using var client = new ServerClient(parsed.GetValue(server)!);
            var given = parsed.GetValue(records);
            var answer = await client.PostAsync(
                Path(parsed.GetValue(name)!),
                new { flow = parsed.GetValue(flow), trigger = parsed.GetValue(trigger), by = parsed.GetValue(by), from = parsed.GetValue(from), records = given is { Length: > 0 } ? given : null },
                cancel).ConfigureAwait(false);
            terminal.Good($"Backfill {Text(answer, "id")} of {Text(answer, "entity")} has begun. 'flow backfill list {parsed.GetValue(name)}' tells how it gets on.");
            return ExitCode.Good;
        });
        return begin;
    }

    private static Command CreateList(Terminal terminal)
    {
        var (server, json, name) = (ServerOption.Create(), ServerOption.Json(), Name());
        var list = new Command("list", "Backfills of a deployment, newest first") { name, server, json };
        list.SetAction(async (parsed, cancel) =>
        {
            using var client = new ServerClient(parsed.GetValue(server)!);
            var answer = await client.GetAsync(Path(parsed.GetValue(name)!), cancel).ConfigureAwait(false);
            if (parsed.GetValue(json)) terminal.Line(answer.GetRawText());
            else
            {
                terminal.Table(
                    ["id", "deployment", "entity", "by", "state", "total", "read", "accepted", "waiting", "done by", "problem"],
                    answer.GetProperty("data").EnumerateArray().Select(b => (IReadOnlyList<string>)[
                        Text(b, "id"), Text(b, "deployment"), Text(b, "entity"), Text(b, "by"), Text(b, "state"), Text(b, "total"), Text(b, "read"), Text(b, "accepted"), Text(b, "waiting"), Text(b, "eta"),
                        Text(b, "problem")]));
            }

            return ExitCode.Good;
        });
        return list;
    }

    private static Command CreateCancel(Terminal terminal)
    {
        var (server, name, id) = (ServerOption.Create(), Name(), new Argument<string>("ID") { Description = "The backfill" });
        var cancelling = new Command("cancel", "Ends it: what has not begun to run does nothing; what it did stays") { name, id, server };
        cancelling.SetAction(async (parsed, cancel) =>
        {
            using var client = new ServerClient(parsed.GetValue(server)!);
            var answer = await client.DeleteAsync($"{Path(parsed.GetValue(name)!)}/{Uri.EscapeDataString(parsed.GetValue(id)!)}", cancel).ConfigureAwait(false);
            terminal.Good($"Backfill {Text(answer, "id")} is {Text(answer, "state")}; {Text(answer, "accepted")} events were accepted.");
            return ExitCode.Good;
        });
        return cancelling;
    }

    private static Command CreateBudgets(Terminal terminal)
    {
        var (server, json) = (ServerOption.Create(), ServerOption.Json());
        var budgets = new Command("budgets", "How the budget of each realm stands: calls of 24 hours") { server, json };
        budgets.SetAction(async (parsed, cancel) =>
        {
            using var client = new ServerClient(parsed.GetValue(server)!);
            var answer = await client.GetAsync("/api/budgets", cancel).ConfigureAwait(false);
            if (parsed.GetValue(json)) terminal.Line(answer.GetRawText());
            else
            {
                terminal.Table(
                    ["realm", "a second", "a day", "reserve", "live", "retries", "backfills", "others", "backfill an hour"],
                    answer.GetProperty("data").EnumerateArray().Select(b => (IReadOnlyList<string>)[
                        Text(b, "realm"), Text(b, "perSecond"), Text(b, "perDay"), Text(b, "reserve"), Text(b, "live"), Text(b, "retry"), Text(b, "backfill"), Text(b, "foreign"), Text(b, "backfillPerHour")]));
            }

            return ExitCode.Good;
        });
        return budgets;
    }

    private static Argument<string> Name() => new("NAME") { Description = "The deployment" };

    private static string Path(string name) => $"/api/deployments/{Uri.EscapeDataString(name)}/backfills";

    private static string Text(JsonElement row, string name) => Pretty.Text(row.GetProperty(name));
}
