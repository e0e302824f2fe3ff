using Microsoft.Extensions.Logging;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>
/// Asks each day how the orgs describe what the flows use. A used field that went or became narrower opens an incident that names the flow, the file and the line; it ends when the field is as it
/// was, or when another version or other parameters were deployed since. What was seen first is kept in the store, so a restart forgets nothing.
/// </summary>
internal sealed class SchemaWatch(FlowHost host, ICursorStore cursors, IIncidentStore incidents, ILogger<SchemaWatch> log)
    : Rounds(Look, host.Time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Every = TimeSpan.FromDays(1);
    private static readonly TimeSpan Again = TimeSpan.FromHours(1);

    private readonly Dictionary<DeploymentRef, (string Of, DateTimeOffset Next)> _due = [];

    protected override async Task RoundAsync(CancellationToken stop)
    {
        foreach (var active in host.Runtime.Registry.All)
        {
            if (_due.TryGetValue(active.Ref, out var due) && due.Of == active.MemoryOf && due.Next > host.Time.GetUtcNow()) continue;
            try
            {
                _due[active.Ref] = (active.MemoryOf, await LookAsync(active, stop).ConfigureAwait(false));
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                // The store failed, or a connection was closed meanwhile: the next round tries again.
                DriftLog.Broken(log, active.Name, e);
            }
        }
    }

    /// <summary>Looks after one deployment; returns when to look again.</summary>
    private async Task<DateTimeOffset> LookAsync(ActiveDeployment active, CancellationToken stop)
    {
        var next = host.Time.GetUtcNow() + Every;
        foreach (var used in UsedEntity.Of(active.Flow))
        {
            if (!active.Connections.TryGetValue(used.Connection, out var connection)) continue;
            var due = await LookAsync(active, used, connection, stop).ConfigureAwait(false);
            if (due < next) next = due;
        }

        return next;
    }

    private async Task<DateTimeOffset> LookAsync(ActiveDeployment active, UsedEntity used, BoundConnection connection, CancellationToken stop)
    {
        var now = host.Time.GetUtcNow();
        var key = new CursorKey(active.Ref.Workspace, connection.Realm, $"{used.Connection}/{used.Entity}/described", active.Ref.Id.ToString());
        if (!host.Runtime.Owns(key)) return now + Again;
        var stored = await cursors.ReadAsync(key, stop).ConfigureAwait(false);
        var before = SchemaReading.Read(stored?.Token) is { } reading && reading.Of == active.MemoryOf ? reading : null;
        if (before is not null && stored!.HighWater is { } at && at + Every > now) return at + Every;

        var described = await connection.Connection.DescribeAsync(used.Entity, stop).ConfigureAwait(false);
        if (described.Error is { } error && (before is null || error.Kind != ErrorKind.Misconfigured))
        {
            DriftLog.NotDescribed(log, active.Name, used.Entity, error.Code);
            return now + Again;
        }

        var differences = before is null ? [] : Differences(active, used, before.Entity, described).ToList();
        var changes = new List<StoreChange>();
        foreach (var (fingerprint, message) in differences)
        {
            DriftLog.Changed(log, active.Name, message);
            changes.Add(new RaiseIncident(active.Ref.Workspace, active.Ref.Id, fingerprint, message, now));
        }

        foreach (var open in await incidents.ListAsync(active.Ref.Workspace, openOnly: true, stop).ConfigureAwait(false))
        {
            if (open.Deployment != active.Ref.Id || !open.Fingerprint.StartsWith(Prefix(used), StringComparison.Ordinal) || differences.Any(d => d.Fingerprint == open.Fingerprint)) continue;
            changes.Add(new RecoverIncident(active.Ref.Workspace, active.Ref.Id, open.Fingerprint, now));
        }

        var token = before is null ? SchemaReading.Take(active.MemoryOf, described.Value!, used).Write() : stored!.Token;
        changes.Add(new SaveCursor(key, new SourceCursor(token, now), now));
        await host.Runtime.Commit.CommitAsync(CommitQueue.Settlement, new ChangeSet(changes)).ConfigureAwait(false);
        return now + Every;
    }

    private static IEnumerable<(string Fingerprint, string Message)> Differences(ActiveDeployment active, UsedEntity used, EntityDescriptor before, Outcome<EntityDescriptor> described)
    {
        if (described.Error is { } gone)
        {
            yield return ($"{Prefix(used)} gone", Words($"{used.Entity} is gone, or hidden from the running user ({gone.Code}).", used.Creates ?? used.Fields.Values.First()));
            yield break;
        }

        foreach (var change in SchemaDrift.Compare(before, described.Value!, used.Fields.Keys.ToHashSet(StringComparer.Ordinal)))
        {
            // New records that the flow gives the field, or that it does not make, are none of its troubles.
            var place = used.Fields.TryGetValue(change.Field, out var line) ? line : used.Creates;
            if (place is null || (change.Kind == SchemaChangeKind.Required && (used.Creates is null || used.Fields.ContainsKey(change.Field)))) continue;
            yield return ($"{Prefix(used)}{change.Field} {change.Kind}", Words(change.Message, place.Value));
        }

        string Words(string message, SourcePlace place) => $"The org behind '{active.Connections[used.Connection].Name}' has changed: {message} The flow {active.Flow.Id} uses it at {place}.";
    }

    private static string Prefix(UsedEntity used) => $"schema:{used.Connection}/{used.Entity}.";
}
