using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

internal sealed class RunStore(StoreDatabase database) : IRunStore
{
    /// <summary>How many times as long as the counting took a count holds: who asks again and again takes a twentieth of the database's time at most.</summary>
    private const int HoldsFor = 20;

    private static readonly TimeSpan SameTime = TimeSpan.FromMinutes(1);

    /// <summary>What is counted faster is counted each time.</summary>
    private static readonly TimeSpan Fast = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<(string Workspace, bool Since), (IReadOnlyDictionary<Guid, IReadOnlyDictionary<RunOutcome, long>> Counts, DateTimeOffset Since, long Until)> _counted = new();
    private readonly SemaphoreSlim _counting = new(1);

    public async Task<IReadOnlyList<RunRow>> ListAsync(RunFilter filter, CancellationToken cancellationToken)
    {
        await using var context = database.Open();
        var rows = context.Runs.AsNoTracking().Where(row => row.WorkspaceId == filter.Workspace);
        if (filter.Deployment is { } deployment) rows = rows.Where(row => row.DeploymentId == deployment);
        if (filter.Deployments is { } several) rows = rows.Where(row => several.Contains(row.DeploymentId));
        if (filter.Outcome is { } outcome) rows = rows.Where(row => row.Outcome == (int)outcome);
        if (filter.Key is { } key) rows = rows.Where(row => row.Key == key);
        if (filter.Since is { } since) rows = rows.Where(row => row.EndedAt >= since);
        if (filter.Before is { } before) rows = rows.Where(row => string.Compare(row.Id, before) < 0);
        var page = await rows.OrderByDescending(row => row.Id).Take(filter.Limit).ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. page.Select(Read)];
    }

    public async Task<RunRow?> FindAsync(string workspace, string id, CancellationToken cancellationToken)
    {
        await using var context = database.Open();
        var row = await context.Runs.AsNoTracking().SingleOrDefaultAsync(run => run.WorkspaceId == workspace && run.Id == id, cancellationToken).ConfigureAwait(false);
        return row is null ? null : Read(row);
    }

    public async Task<byte[]?> ReadJournalAsync(string workspace, string runId, CancellationToken cancellationToken)
    {
        await using var context = database.Open();
        var parts = await (
            from entry in context.JournalEntries.AsNoTracking()
            join block in context.JournalBlocks on entry.BlockId equals block.Id
            where entry.WorkspaceId == workspace && entry.RunId == runId
            orderby entry.BlockId
            select new { block.Content, block.RawLength, entry.BlockOffset, entry.BlockLength }).ToListAsync(cancellationToken).ConfigureAwait(false);
        if (parts.Count == 0) return null;
        using var text = new MemoryStream();
        foreach (var part in parts) text.Write(JournalCompression.Decompress(part.Content, part.RawLength).AsSpan(part.BlockOffset, part.BlockLength));
        return text.ToArray();
    }

    public async Task<IReadOnlyList<EffectRow>> EffectsOfRunAsync(string workspace, string runId, CancellationToken cancellationToken)
    {
        await using var context = database.Open();
        var rows = await context.Effects.AsNoTracking().Where(row => row.WorkspaceId == workspace && row.RunId == runId).OrderBy(row => row.Id)
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(Read)];
    }

    public async Task<IReadOnlyList<EffectRow>> EffectsOfRecordAsync(
        string workspace, string realm, string entity, string recordId, int limit, CancellationToken cancellationToken)
    {
        await using var context = database.Open();
        var rows = await context.Effects.AsNoTracking()
            .Where(row => row.WorkspaceId == workspace && row.Realm == realm && row.Entity == entity && row.RecordId == recordId)
            .OrderByDescending(row => row.Id).Take(limit).ToListAsync(cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(Read)];
    }

    public async Task<IReadOnlyDictionary<Guid, IReadOnlyDictionary<RunOutcome, long>>> CountAllAsync(string workspace, DateTimeOffset? since, CancellationToken cancellationToken)
    {
        var asked = (workspace, since is not null);
        if (_counted.TryGetValue(asked, out var known) && Holds(known.Since, known.Until, since)) return known.Counts;
        await _counting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Who waited for another's count takes it.
            if (_counted.TryGetValue(asked, out known) && Holds(known.Since, known.Until, since)) return known.Counts;
            var begun = Stopwatch.GetTimestamp();
            await using var context = database.Open();
            var counted = context.Runs.AsNoTracking().Where(row => row.WorkspaceId == workspace);
            if (since is { } from) counted = counted.Where(row => row.EndedAt >= from);
            var rows = await counted
                .GroupBy(row => new { row.DeploymentId, row.Outcome }).Select(group => new { group.Key.DeploymentId, group.Key.Outcome, Count = group.LongCount() })
                .ToListAsync(cancellationToken).ConfigureAwait(false);
            var counts = rows.GroupBy(row => row.DeploymentId)
                .ToDictionary(group => group.Key, IReadOnlyDictionary<RunOutcome, long> (group) => group.ToDictionary(row => (RunOutcome)row.Outcome, row => row.Count));
            var took = Stopwatch.GetElapsedTime(begun);
            if (took > Fast) _counted[asked] = (counts, since ?? DateTimeOffset.MinValue, Stopwatch.GetTimestamp() + (long)(took.TotalSeconds * HoldsFor * Stopwatch.Frequency));
            return counts;
        }
        finally
        {
            _counting.Release();
        }
    }

    /// <summary>Whether a count still tells what is asked: it is not too old, and began at about the same time.</summary>
    private static bool Holds(DateTimeOffset counted, long until, DateTimeOffset? asked) =>
        until > Stopwatch.GetTimestamp() && ((asked ?? DateTimeOffset.MinValue) - counted).Duration() < SameTime;

    public async Task<IReadOnlyDictionary<RunOutcome, long>> CountEndedAsync(DeploymentRef deployment, string trigger, DateTimeOffset after, DateTimeOffset until, CancellationToken cancellationToken)
    {
        await using var context = database.Open();
        var counts = await context.Runs.AsNoTracking()
            .Where(row => row.WorkspaceId == deployment.Workspace && row.DeploymentId == deployment.Id && row.TriggerId == trigger && row.EndedAt > after && row.EndedAt <= until
                && row.ReplayOf == null && row.Priority != (int)CallPriority.Backfill)
            .GroupBy(row => row.Outcome).Select(group => new { Outcome = group.Key, Count = group.LongCount() }).ToListAsync(cancellationToken).ConfigureAwait(false);
        var result = counts.ToDictionary(count => (RunOutcome)count.Outcome, count => count.Count);
        var unkeyed = await context.DeadLetters.AsNoTracking()
            .LongCountAsync(row => row.WorkspaceId == deployment.Workspace && row.DeploymentId == deployment.Id && row.TriggerId == trigger && row.RunId == "" && row.FailedAt > after && row.FailedAt <= until, cancellationToken)
            .ConfigureAwait(false);
        if (unkeyed > 0) result[RunOutcome.Failed] = result.GetValueOrDefault(RunOutcome.Failed) + unkeyed;
        return result;
    }

    private static RunRow Read(StoredRunRow row) => new()
    {
        Id = row.Id,
        Deployment = new DeploymentRef(row.WorkspaceId, row.DeploymentId),
        FlowHash = row.FlowHash,
        EventId = row.EventId,
        Trigger = row.TriggerId,
        Key = row.Key,
        RecordId = row.RecordId,
        Outcome = (RunOutcome)row.Outcome,
        Text = row.Text,
        AcceptedAt = row.AcceptedAt,
        StartedAt = row.StartedAt,
        EndedAt = row.EndedAt,
        Attempts = row.Attempts,
        Effects = row.Effects,
        Priority = (CallPriority)row.Priority,
        ReplayOf = row.ReplayOf,
    };

    private static EffectRow Read(StoredEffectRow row) => new()
    {
        Workspace = row.WorkspaceId,
        Realm = row.Realm,
        Entity = row.Entity,
        RecordId = row.RecordId,
        RunId = row.RunId,
        Step = row.Step,
        Verb = row.Verb,
        Fields = JsonSerializer.Deserialize<List<string>>(row.Fields)!,
        At = row.WrittenAt,
    };
}
