using System.CommandLine;
using System.Text.Json;

namespace WorkflowEngine.Cli;

/// <summary><c>flow deployments list|versions|pause|resume|rollback</c>, against a server.</summary>
internal static class DeploymentsCommand
{
    public static Command Create(Terminal terminal) => new("deployments", "Shows and steers deployments of a server")
    {
        CreateList(terminal), CreateVersions(terminal), Act(terminal, "pause", "Stops it: events are accepted and wait"), Act(terminal, "resume", "Lets it go on"), CreateRollBack(terminal),
    };

    private static Command CreateList(Terminal terminal)
    {
        var (server, json) = (ServerOption.Create(), ServerOption.Json());
        var list = new Command("list", "Deployments with their state and backlog") { server, json };
        list.SetAction(async (parsed, cancel) =>
        {
            using var client = new ServerClient(parsed.GetValue(server)!);
            var answer = await client.GetAsync("/api/deployments", cancel).ConfigureAwait(false);
            if (parsed.GetValue(json)) terminal.Line(answer.GetRawText());
            else
            {
                terminal.Table(
                    ["name", "flow", "version", "state", "ready", "later", "why"],
                    answer.GetProperty("data").EnumerateArray().Select(d => (IReadOnlyList<string>)[
                        Text(d, "name"), Text(d, "flow"), Text(d, "version"), Text(d, "state"), Text(d.GetProperty("waiting"), "ready"), Text(d.GetProperty("waiting"), "delayed"), Text(d, "pausedBecause")]));
                foreach (var pause in answer.GetProperty("pauses").EnumerateArray()) terminal.Problem(pause.GetString()!);
            }

            return ExitCode.Good;
        });
        return list;
    }

    private static Command CreateVersions(Terminal terminal)
    {
        var (server, json, name) = (ServerOption.Create(), ServerOption.Json(), new Argument<string>("NAME") { Description = "The deployment" });
        var versions = new Command("versions", "What it was told to be, newest first") { name, server, json };
        versions.SetAction(async (parsed, cancel) =>
        {
            using var client = new ServerClient(parsed.GetValue(server)!);
            var answer = await client.GetAsync($"/api/deployments/{Uri.EscapeDataString(parsed.GetValue(name)!)}/versions", cancel).ConfigureAwait(false);
            if (parsed.GetValue(json)) terminal.Line(answer.GetRawText());
            else
            {
                terminal.Table(
                    ["number", "template", "content", "by", "at", "note"],
                    answer.GetProperty("data").EnumerateArray().Select(v => (IReadOnlyList<string>)[
                        Text(v, "number"), Text(v, "template"), Text(v, "templateHash")[..8], Text(v, "createdBy"), Text(v, "createdAt"), Text(v, "note")]));
            }

            return ExitCode.Good;
        });
        return versions;
    }

    private static Command Act(Terminal terminal, string verb, string description)
    {
        var (server, name) = (ServerOption.Create(), new Argument<string>("NAME") { Description = "The deployment" });
        var act = new Command(verb, description) { name, server };
        act.SetAction(async (parsed, cancel) =>
        {
            using var client = new ServerClient(parsed.GetValue(server)!);
            var answer = await client.PostAsync($"/api/deployments/{Uri.EscapeDataString(parsed.GetValue(name)!)}/{verb}", new { }, cancel).ConfigureAwait(false);
            foreach (var flow in answer.GetProperty("flows").EnumerateArray()) terminal.Good($"{Text(flow, "name")} is {Text(flow, "state")}.");
            return ExitCode.Good;
        });
        return act;
    }

    private static Command CreateRollBack(Terminal terminal)
    {
        var (server, name) = (ServerOption.Create(), new Argument<string>("NAME") { Description = "The deployment" });
        var to = new Option<int?>("--to") { Description = "The version to go back to (default: the one before)" };
        var confirm = new Option<bool>("--confirm-realm") { Description = "Another org or tenant than now is meant" };
        var back = new Command("rollback", "Goes back to an earlier version; data is not undone") { name, server, to, confirm };
        back.SetAction(async (parsed, cancel) =>
        {
            using var client = new ServerClient(parsed.GetValue(server)!);
            var answer = await client.PostAsync($"/api/deployments/{Uri.EscapeDataString(parsed.GetValue(name)!)}/rollback{Query.Of(("confirmRealm", parsed.GetValue(confirm) ? "true" : null))}", new { to = parsed.GetValue(to) }, cancel).ConfigureAwait(false);
            terminal.Good($"{parsed.GetValue(name)} is at version {Text(answer, "number")}.");
            return ExitCode.Good;
        });
        return back;
    }

    private static string Text(JsonElement row, string name) => Pretty.Text(row.GetProperty(name));
}
