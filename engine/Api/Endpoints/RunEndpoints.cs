using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Api;

/// <summary>What flows did: finished runs, one with its steps and effects, and runs as they end.</summary>
internal static class RunEndpoints
{
    private const int UsualHours = 24;
    private const int MostHours = 24 * 30;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan KeepOpen = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(5);

    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        new("GET", "/api/runs", Role.Viewer, "listRuns", "Finished runs, newest first.", ListAsync) { Answer = typeof(Page<RunView>) },
        new("GET", "/api/runs/live", Role.Viewer, "watchRuns", "Server-sent events: a 'run' event for each run as it ends.", LiveAsync),
        new("GET", "/api/runs/steps", Role.Viewer, "countSteps", "How often the steps of a deployment ran and failed in the last hours (24), over its last runs (at most 200).", StepsAsync) { Answer = typeof(StepCountsView) },
        new("GET", "/api/runs/{id}", Role.Viewer, "getRun", "One run with its steps and effects.", FindAsync) { Answer = typeof(RunDetail) },
    ];

    private static async Task<IResult> ListAsync(
        Call call, string? deployment, string? flow, string? outcome, string? key, DateTimeOffset? since, string? cursor, int? limit, CancellationToken cancellationToken)
    {
        var names = call.Workspace.Names;
        Guid? id = null;
        if (deployment is not null && (id = names.Find(deployment)) is null) return Problem.NotFound($"There is no deployment '{deployment}'.");
        // Deployments that run the flow now; what was taken away is asked for by its name.
        IReadOnlyList<Guid>? several = flow is null ? null : [.. call.Host.Runtime.Registry.All.Where(d => d.Ref.Workspace == call.Caller.Workspace && d.Flow.Id == flow).Select(d => d.Ref.Id)];
        RunOutcome? wanted = null;
        if (outcome is not null)
        {
            if (!Words.TryRead<RunOutcome>(outcome, out var parsed)) return Problem.BadRequest($"'{outcome}' is no outcome; expected one of {Words.All<RunOutcome>()}.");
            wanted = parsed;
        }

        if (!Paging.TryLimit(limit, out var most)) return Problem.BadRequest(Paging.BadLimit);
        if (!Paging.TryRead(cursor, out var before)) return Problem.BadRequest(Paging.BadCursor);
        var rows = await call.Host.View.Runs.ListAsync(
            new RunFilter { Workspace = call.Caller.Workspace, Deployment = id, Deployments = several, Outcome = wanted, Key = key, Since = since?.ToUniversalTime(), Before = before, Limit = most + 1 },
            cancellationToken).ConfigureAwait(false);
        return Results.Json(Paging.Of(rows, most, r => r.Id, r => RunView.Of(r, names)));
    }

    private static async Task<IResult> FindAsync(Call call, string id, CancellationToken cancellationToken)
    {
        var runs = call.Host.View.Runs;
        var workspace = call.Caller.Workspace;
        if (await runs.FindAsync(workspace, id, cancellationToken).ConfigureAwait(false) is not { } run) return Problem.NotFound($"There is no run '{id}'.");
        var effects = await runs.EffectsOfRunAsync(workspace, id, cancellationToken).ConfigureAwait(false);
        var journal = await runs.ReadJournalAsync(workspace, id, cancellationToken).ConfigureAwait(false);
        var (steps, attempts) = journal is null ? (null, []) : StepsOf(journal);
        return Results.Json(new RunDetail(RunView.Of(run, call.Workspace.Names), steps, attempts, [.. effects.Select(EffectView.Of)], journal is null ? null : InputOf(journal)));
    }

    private static JsonElement? InputOf(byte[] journal) => JsonSerializer.Deserialize<JsonElement>(journal).TryGetProperty("input", out var input) ? input : null;

    private static async Task<IResult> StepsAsync(Call call, string? deployment, int? hours, CancellationToken cancellationToken)
    {
        if (deployment is null) return Problem.BadRequest("Name the deployment.");
        if (hours is { } asked && asked is < 1 or > MostHours) return Problem.BadRequest($"'hours' is a number from 1 to {MostHours}.");
        if (call.Workspace.Names.Find(deployment) is not { } id) return Problem.NotFound($"There is no deployment '{deployment}'.");
        var (runs, workspace, since) = (call.Host.View.Runs, call.Caller.Workspace, call.Now.AddHours(-(hours ?? UsualHours)));
        var rows = await runs.ListAsync(new RunFilter { Workspace = workspace, Deployment = id, Since = since, Limit = Paging.Most + 1 }, cancellationToken).ConfigureAwait(false);
        var counts = new StepCounter();
        foreach (var run in rows.Take(Paging.Most))
        {
            if (await runs.ReadJournalAsync(workspace, run.Id, cancellationToken).ConfigureAwait(false) is { } journal) counts.Add(StepsOf(journal).Steps ?? []);
        }

        return Results.Json(new StepCountsView(since, Math.Min(rows.Count, Paging.Most), rows.Count > Paging.Most, counts.All));
    }

    private static (IReadOnlyList<RunStepView>? Steps, IReadOnlyList<string> Attempts) StepsOf(byte[] journal)
    {
        using var told = JsonDocument.Parse(journal);
        return (
            told.RootElement.TryGetProperty("steps", out var notes) ? [.. notes.EnumerateArray().Select(n => RunStepView.Of(n.Clone()))] : null,
            told.RootElement.TryGetProperty("attempts", out var lines) ? [.. lines.EnumerateArray().Select(l => l.GetString() ?? "")] : []);
    }

    private static IResult LiveAsync(Call call, AccessGate gate, HttpContext context, IHostApplicationLifetime server, string? deployment, CancellationToken cancellationToken)
    {
        Guid? id = null;
        if (deployment is not null && (id = call.Workspace.Names.Find(deployment)) is null) return Problem.NotFound($"There is no deployment '{deployment}'.");
        return TypedResults.ServerSentEvents(WatchAsync(call.Host, call.Caller.Workspace, id, () => gate.HoldsAsync(context), server.ApplicationStopping, cancellationToken));
    }

    /// <summary>Runs as they end. They are read from the store, so that whoever watches slows nobody down and sees only what is durable.</summary>
    private static async IAsyncEnumerable<SseItem<RunView?>> WatchAsync(FlowHost host, string workspace, Guid? deployment, Func<ValueTask<bool>> holds, CancellationToken stopping, [EnumeratorCancellation] CancellationToken gone)
    {
        // Whoever watches does not keep the server from stopping.
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(stopping, gone);
        var cancellationToken = ends.Token;
        var names = host.Workspace(workspace).Names;
        var since = host.Time.GetUtcNow();
        var begin = since;
        var told = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        var settled = -1L;
        var quietAt = since;
        var spoke = since;
        var asked = since;
        yield return new SseItem<RunView?>(null, "open");
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(Look, host.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellationToken.IsCancellationRequested) yield break;
            var now = host.Time.GetUtcNow();
            if (now - asked >= AskAgain)
            {
                // Who may not see it any more does not see it to the end.
                if (!await holds().ConfigureAwait(false)) yield break;
                asked = now;
            }

            if (host.Runtime.Counters.Settled != settled) (settled, quietAt) = (host.Runtime.Counters.Settled, now + Overlap);
            if (now < quietAt)
            {
                // The counter runs ahead of the disk a little, so the store is looked at for a while after it moved.
                var rows = await host.View.Runs.ListAsync(new RunFilter { Workspace = workspace, Deployment = deployment, Since = since, Limit = Paging.Most }, gone).ConfigureAwait(false);
                foreach (var run in rows.Reverse())
                {
                    if (run.EndedAt < begin || !told.TryAdd(run.Id, run.EndedAt)) continue;
                    spoke = now;
                    yield return new SseItem<RunView?>(RunView.Of(run, names), "run") { EventId = run.Id };
                }

                // Runs of one moment become visible in any order: the last seconds are always read again.
                since = now - Overlap;
                foreach (var old in told.Where(t => t.Value < since - Overlap).Select(t => t.Key).ToList()) told.Remove(old);
            }

            if (now - spoke < KeepOpen) continue;
            spoke = now;
            yield return new SseItem<RunView?>(null, "still");
        }
    }
}
