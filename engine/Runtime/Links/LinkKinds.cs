using System.Collections.Frozen;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>
/// By which fields the flows of this node's deployments make records and search for them. What nobody makes by a field no link can name, and what nobody searches by one needs none: both is
/// known without asking the database.
/// </summary>
internal sealed class LinkKinds
{
    private readonly DeploymentRegistry _registry;
    private int _changes;
    private volatile Snapshot? _snapshot;

    public LinkKinds(DeploymentRegistry registry)
    {
        _registry = registry;
        registry.Changed += () => Interlocked.Increment(ref _changes);
    }

    /// <summary>Whether a deployed flow makes records of the entity by the kind.</summary>
    public bool IsMade(BoundConnection connection, EntityDescriptor entity, string kind) => Now.Made.Contains(Name(connection, entity.Name, kind));

    /// <summary>Whether a deployed flow makes records of any entity by one of the fields: the cheap question before the exact one.</summary>
    public bool AreMadeByAny(Condition condition)
    {
        var paths = Now.MadePaths;
        foreach (var field in condition.Fields())
        {
            if (paths.Contains(field.Path)) return true;
        }

        return false;
    }

    /// <summary>Whether a deployed flow searches for records of the entity by the field and does not wait where there are none.</summary>
    public bool IsSearched(BoundConnection connection, EntityDescriptor entity, string field)
    {
        var snapshot = Now;
        return snapshot.SearchedPaths.Contains(field) && snapshot.Searched.Contains(Name(connection, entity.Name, field));
    }

    private Snapshot Now
    {
        get
        {
            // Counted before it is collected: what changes meanwhile is collected again.
            var changes = Volatile.Read(ref _changes);
            if (_snapshot is not { } snapshot || snapshot.Changes != changes) _snapshot = snapshot = Collect(changes);
            return snapshot;
        }
    }

    private Snapshot Collect(int changes)
    {
        var (made, searched, paths) = (new HashSet<KindName>(), new HashSet<KindName>(), new HashSet<string>());
        foreach (var deployment in _registry.All)
        {
            foreach (var instruction in deployment.Flow.Instructions)
            {
                switch (instruction is SyncInstruction sync ? sync.Upsert : instruction)
                {
                    case UpsertInstruction upsert when deployment.Connections.TryGetValue(upsert.Connection, out var connection):
                        foreach (var rule in upsert.Rules)
                        {
                            made.Add(Name(connection, upsert.Entity.Name, rule.Kind));
                            paths.UnionWith(rule.Terms.SelectMany(t => t.Paths));
                        }

                        break;
                    case CreateInstruction { Once: { } once } create when deployment.Connections.TryGetValue(create.Connection, out var connection):
                        made.Add(Name(connection, create.Entity.Name, LinkHash.OncePrefix + once.Path));
                        paths.Add(once.Path);
                        break;
                    case ReadInstruction { One: true } read when read.OrElse != PlanOrElse.Later && deployment.Connections.TryGetValue(read.Connection, out var connection):
                        foreach (var path in Paths(read.Where)) searched.Add(Name(connection, read.Entity.Name, path));
                        break;
                    case ChangeInstruction { Where: { } where } change when deployment.Connections.TryGetValue(change.Connection, out var connection):
                        foreach (var path in Paths(where)) searched.Add(Name(connection, change.Entity.Name, path));
                        break;
                }
            }
        }

        return new Snapshot(changes, made.ToFrozenSet(), paths.ToFrozenSet(StringComparer.Ordinal), searched.ToFrozenSet(), searched.Select(s => s.Kind).ToFrozenSet(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Paths(PlanCondition condition) => condition.Fields().Where(f => f.Operator == Comparison.In).Select(f => f.Path);

    private static KindName Name(BoundConnection connection, string entity, string kind) => new(connection.Workspace, connection.Realm, connection.OrgName(entity), kind);

    private readonly record struct KindName(string Workspace, string Realm, string Entity, string Kind);

    private sealed record Snapshot(int Changes, FrozenSet<KindName> Made, FrozenSet<string> MadePaths, FrozenSet<KindName> Searched, FrozenSet<string> SearchedPaths);
}
