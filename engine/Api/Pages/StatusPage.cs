using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Api;

/// <summary>One page for people: what runs, what waits, what failed. Rendered on the server, no script.</summary>
internal static class StatusPage
{
    private const string Style = """
        :root{color-scheme:light dark;--line:#d5d9e0;--dim:#5c6573;--bad:#b3261e;--good:#1b6e3c;--bg:#fff;--fg:#1b1f24}
        @media(prefers-color-scheme:dark){:root{--line:#3a414c;--dim:#a0a9b6;--bad:#ff8a80;--good:#7fd49b;--bg:#15181d;--fg:#e8eaed}}
        body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;background:var(--bg);color:var(--fg)}
        h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:2rem}table{border-collapse:collapse;width:100%}
        th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid var(--line);vertical-align:top}th{font-weight:600}
        .dim{color:var(--dim)}.bad{color:var(--bad)}.good{color:var(--good)}a{color:inherit}
        """;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/", ShowAsync).ExcludeFromDescription();

    private static async Task<IResult> ShowAsync(FlowHost host, WorkspaceRunner workspace, CancellationToken cancellationToken)
    {
        var page = new StringBuilder($"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><meta http-equiv=\"refresh\" content=\"5\"><title>Flows</title><style>{Style}</style><h1>Flows</h1>");
        foreach (var wrong in workspace.Findings.Select(f => f.ToString()).Concat(workspace.Problems).Concat(host.Runtime.PausesOf(host.Names.Workspace)))
        {
            page.Append($"<p class=\"bad\">{Text(wrong)}</p>");
        }

        var backlog = (await host.View.Inbox.CountAsync(cancellationToken).ConfigureAwait(false)).ToDictionary(b => b.Deployment);
        var counts = await host.View.Runs.CountAllAsync(host.Names.Workspace, null, cancellationToken).ConfigureAwait(false);
        page.Append("<h2>Deployments</h2><table><tr><th>Name<th>Flow<th>State<th>Waiting<th>Runs</tr>");
        foreach (var deployment in host.Runtime.Registry.All.Where(d => d.Ref.Workspace == host.Names.Workspace).OrderBy(d => d.Name, StringComparer.Ordinal))
        {
            var outcomes = counts.GetValueOrDefault(deployment.Ref.Id) ?? new Dictionary<RunOutcome, long>();
            var waiting = backlog.GetValueOrDefault(deployment.Ref);
            var active = deployment.State == DeploymentState.Active;
            page.Append($"<tr><td>{Text(deployment.Name)}<td>{Text(deployment.Flow.Title ?? deployment.Flow.Id)} <span class=\"dim\">{Text(deployment.Flow.Version ?? "")}</span>")
                .Append($"<td class=\"{(active ? "good" : "bad")}\">{(active ? "active" : Text(deployment.PausedBecause ?? "paused"))}")
                .Append($"<td>{(waiting?.Ready ?? 0) + (waiting?.Behind ?? 0)} ready, {waiting?.Delayed ?? 0} for later")
                .Append($"<td>{Text(string.Join(", ", outcomes.OrderBy(o => o.Key).Select(o => $"{o.Value} {o.Key.ToString().ToLowerInvariant()}")))}</tr>");
        }

        page.Append("</table><h2>Dead letters</h2>");
        var letters = await host.View.DeadLetters.ListAsync(new DeadLetterFilter { Workspace = host.Names.Workspace, Limit = 20 }, cancellationToken).ConfigureAwait(false);
        page.Append(letters.Count == 0 ? "<p class=\"dim\">There are none.</p>" : "<table><tr><th>No<th>Deployment<th>Key<th>Step<th>Reason</tr>");
        foreach (var letter in letters)
        {
            page.Append($"<tr><td>{letter.Id}<td>{Text(host.Names.NameOf(letter.Content.Deployment.Id))}<td>{Text(letter.Content.Key)}<td>{Text(letter.Content.Step)} <span class=\"dim\">{Text(letter.Content.Place ?? "")}</span>")
                .Append($"<td>{Text(letter.Content.Code)}: {Text(letter.Content.Message)}</tr>");
        }

        page.Append(letters.Count == 0 ? "" : "</table>").Append("<h2>Last runs</h2>");
        var runs = await host.View.Runs.ListAsync(new RunFilter { Workspace = host.Names.Workspace, Limit = 20 }, cancellationToken).ConfigureAwait(false);
        page.Append(runs.Count == 0 ? "<p class=\"dim\">Nothing has run yet.</p>" : "<table><tr><th>Ended<th>Deployment<th>Key<th>Outcome<th>Effects<th>Text</tr>");
        foreach (var run in runs)
        {
            page.Append($"<tr><td class=\"dim\">{run.EndedAt:yyyy-MM-dd HH:mm:ss}<td>{Text(host.Names.NameOf(run.Deployment.Id))}<td>{Text(run.Key)}")
                .Append($"<td class=\"{(run.Outcome switch { RunOutcome.Failed => "bad", RunOutcome.Succeeded => "good", _ => "dim" })}\">{run.Outcome.ToString().ToLowerInvariant()}<td>{run.Effects}<td>{Text(run.Text ?? "")}</tr>");
        }

        page.Append(runs.Count == 0 ? "" : "</table>").Append("<p class=\"dim\">The API is described at <a href=\"/openapi/v1.json\">/openapi/v1.json</a> and <a href=\"/scalar/v1\">/scalar/v1</a>; the designer is at <a href=\"/designer/\">/designer</a>.</p></html>");
        return Results.Content(page.ToString(), "text/html; charset=utf-8");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
