using System.Collections.Concurrent;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Hosting;

/// <summary>What orgs have beyond the catalogue: read when a person asks, kept for ten minutes.</summary>
public sealed class OrgCatalog(TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);
    private const int Most = 2_000;

    private readonly ConcurrentDictionary<(string Workspace, string Connection, string Entity), (EntityDescriptor Entity, DateTimeOffset At)> _read = new();

    /// <summary>Asks an org for an entity.</summary>
    /// <param name="workspace">The workspace of the connection.</param>
    /// <param name="connection">The connection's name; it must exist.</param>
    /// <param name="entity">The entity.</param>
    /// <param name="refresh">Do not answer from what is kept.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<Outcome<EntityReading>> ReadAsync(HostedWorkspace workspace, string connection, string entity, bool refresh, CancellationToken cancellationToken)
    {
        var place = (workspace.Name, connection, entity);
        if (!refresh && _read.TryGetValue(place, out var kept) && time.GetUtcNow() - kept.At < Kept) return new EntityReading(kept.Entity, true, kept.At);
        var opened = await workspace.Connections.OpenAsync(connection, cancellationToken).ConfigureAwait(false);
        if (!opened.Succeeded) return opened.Error;
        var described = await opened.Value.Connection.DescribeAsync(entity, cancellationToken).ConfigureAwait(false);
        if (!described.Succeeded) return described.Error;
        if (_read.Count >= Most) _read.Clear();
        var at = time.GetUtcNow();
        var known = WithSensitive(described.Value, opened.Value.Descriptor.Entity(entity));
        _read[place] = (known, at);
        return new EntityReading(known, true, at);
    }

    /// <summary>An org does not say which of its fields are sensitive; the catalogue does, and that holds for the org's fields too.</summary>
    private static EntityDescriptor WithSensitive(EntityDescriptor described, EntityDescriptor? catalogue)
    {
        var sensitive = catalogue?.Fields.Where(f => f.Sensitive).Select(f => f.Name).ToHashSet(StringComparer.Ordinal) ?? [];
        return sensitive.Count == 0 ? described : described with { Fields = [.. described.Fields.Select(f => sensitive.Contains(f.Name) ? f with { Sensitive = true } : f)] };
    }

    /// <summary>Forgets what was read through a connection.</summary>
    public void Forget(string workspace, string connection)
    {
        foreach (var place in _read.Keys.Where(k => k.Workspace == workspace && k.Connection == connection)) _read.TryRemove(place, out _);
    }
}
