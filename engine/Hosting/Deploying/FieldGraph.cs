using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>
/// The fields that deployments of one realm write, and the fields of records whose changes begin their runs. Two writers of one field undo each other's work; a cycle lets flows answer each
/// other's writes. Flows of one template know each other, so only other deployments count.
/// </summary>
internal sealed class FieldGraph
{
    private readonly Dictionary<string, FieldUser> _users = new(StringComparer.Ordinal);

    // By field, so that a deployment is compared only with those it meets somewhere.
    private readonly Dictionary<FieldName, List<FieldUser>> _writers = [];
    private readonly Dictionary<FieldName, List<FieldUser>> _listeners = [];
    private readonly Dictionary<(string Realm, string Entity), List<FieldUser>> _listenersToAll = [];

    /// <summary>What a deployment shares with the others of its workspace and nobody has said that it is meant.</summary>
    /// <param name="host">Knows the deployments that run.</param>
    /// <param name="workspace">The workspace.</param>
    /// <param name="deployment">The deployment.</param>
    /// <param name="planned">Its flows as they would run; null = as they run.</param>
    public static IReadOnlyList<SharedFields> Of(
        FlowHost host, HostedWorkspace workspace, string deployment, IReadOnlyList<(PlannedDeployment Flow, IReadOnlyDictionary<string, BoundConnection> Connections)>? planned = null)
    {
        var graph = new FieldGraph();
        foreach (var active in host.Runtime.Registry.All.Where(d => d.Ref.Workspace == workspace.Name))
        {
            var group = active.Group ?? active.Name;
            if (planned is not null && group == deployment) continue;
            graph.Add(group, active.Flow, active.Connections, host.PlannedOf(active.Ref)?.SharedFields ?? []);
        }

        foreach (var (flow, connections) in planned ?? []) graph.Add(deployment, flow.Flow, connections, flow.SharedFields);
        return graph.Of(deployment);
    }

    /// <summary>All deployments of a workspace that run.</summary>
    public static FieldGraph OfRunning(FlowHost host, HostedWorkspace workspace)
    {
        var graph = new FieldGraph();
        foreach (var active in host.Runtime.Registry.All.Where(d => d.Ref.Workspace == workspace.Name))
        {
            graph.Add(active.Group ?? active.Name, active.Flow, active.Connections, host.PlannedOf(active.Ref)?.SharedFields ?? []);
        }

        return graph;
    }

    /// <summary>Adds a flow as it runs, or would run.</summary>
    /// <param name="deployment">The deployment's name; flows of one deployment share it.</param>
    /// <param name="flow">The flow.</param>
    /// <param name="connections">Its connections by logical name.</param>
    /// <param name="answered">Fields, as <c>Entity.Field</c> in the org's names, whose sharing is meant.</param>
    public void Add(string deployment, CompiledFlow flow, IReadOnlyDictionary<string, BoundConnection> connections, IEnumerable<string> answered)
    {
        if (!_users.TryGetValue(deployment, out var user)) _users[deployment] = user = new FieldUser(deployment);
        user.Answered.UnionWith(answered);
        foreach (var trigger in flow.Triggers) Listen(user, trigger, connections);
        foreach (var instruction in flow.Instructions)
        {
            Write(user, instruction, connections);
            foreach (var again in instruction.Step.OnError.Select(c => c.Again).OfType<Instruction>()) Write(user, again, connections);
        }

        foreach (var field in user.Writes) Note(_writers, field, user);
        foreach (var field in user.Listens) Note(_listeners, field, user);
        foreach (var entity in user.ListensToAll) Note(_listenersToAll, entity, user);
    }

    /// <summary>What a deployment shares with the others and nobody has said that it is meant.</summary>
    public IReadOnlyList<SharedFields> Of(string deployment)
    {
        if (!_users.TryGetValue(deployment, out var own)) return [];
        var shared = new List<SharedFields>();
        foreach (var other in own.Writes.SelectMany(f => _writers[f]).Where(u => u != own).Distinct().OrderBy(u => u.Deployment, StringComparer.Ordinal))
        {
            var both = own.Writes.Intersect(other.Writes).Where(f => !IsMeant(f, own, other)).ToList();
            if (both.Count > 0) shared.Add(new SharedFields([own.Deployment, other.Deployment], Names(both), Cycle: false));
        }

        if (ShortestCycle(own) is { } cycle) shared.Add(cycle);
        return shared;
    }

    private static void Listen(FieldUser user, PlanTrigger trigger, IReadOnlyDictionary<string, BoundConnection> connections)
    {
        if (trigger is not { Connection: { } logical, Entity: { } entity } || !connections.TryGetValue(logical, out var connection)) return;
        var name = connection.OrgName(entity.Name);
        IEnumerable<string> paths = trigger.Becomes is { } becomes ? trigger.Reads.Concat(StepFields.PathsOf(becomes)) : trigger.Reads;
        var any = trigger.Reads.Count == 0 && trigger.Becomes is null;
        if (any) user.ListensToAll.Add((connection.Realm, name));
        else user.Listens.UnionWith(paths.Select(p => new FieldName(connection.Realm, name, OrgPath(connection, entity.Name, p))));
    }

    private static void Write(FieldUser user, Instruction instruction, IReadOnlyDictionary<string, BoundConnection> connections)
    {
        switch (instruction)
        {
            case UpsertInstruction upsert:
                Write(user, upsert, upsert.Set.Concat(upsert.SetOnCreate).Concat(upsert.SetOnUpdate), connections);
                break;
            case CreateInstruction create:
                Write(user, create, create.Once is { } once ? create.Set.Append(once) : create.Set, connections);
                break;
            case SyncInstruction sync:
                Write(user, sync.Upsert, sync.Upsert.Set.Concat(sync.Upsert.SetOnCreate).Concat(sync.Upsert.SetOnUpdate).Concat(sync.MissingSet), connections);
                break;
            case MergeInstruction merge:
                Write(user, merge, merge.Set.Concat(merge.Survivorship.Select(s => s.Line)), connections);
                break;
            case WriteInstruction write:
                Write(user, write, write.Set, connections);
                break;
        }
    }

    private static void Write(FieldUser user, WriteInstruction write, IEnumerable<PlanFieldLine> lines, IReadOnlyDictionary<string, BoundConnection> connections)
    {
        if (!connections.TryGetValue(write.Connection, out var connection)) return;
        var name = connection.OrgName(write.Entity.Name);
        user.Writes.UnionWith(lines.Select(l => new FieldName(connection.Realm, name, OrgPath(connection, write.Entity.Name, l.Path))));
    }

    private static string OrgPath(BoundConnection connection, string entity, string path) => connection.Connection is NamedConnection named ? named.Names.Path(entity, path) : path;

    private static IReadOnlyList<string> Names(IEnumerable<FieldName> fields) => [.. fields.Select(f => f.ToString()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static bool IsMeant(FieldName field, FieldUser a, FieldUser b) => a.Answered.Contains(field.ToString()) || b.Answered.Contains(field.ToString());

    /// <summary>Fields through which the first one's writes begin runs of the second one.</summary>
    private static IEnumerable<FieldName> Between(FieldUser from, FieldUser to) =>
        from.Writes.Where(f => (to.Listens.Contains(f) || to.ListensToAll.Contains((f.Realm, f.Entity))) && !IsMeant(f, from, to));

    /// <summary>Those that listen to something of what a deployment writes.</summary>
    private HashSet<FieldUser> Met(FieldUser from)
    {
        var met = new HashSet<FieldUser>();
        foreach (var field in from.Writes)
        {
            if (_listeners.TryGetValue(field, out var some)) met.UnionWith(some);
            if (_listenersToAll.TryGetValue((field.Realm, field.Entity), out var all)) met.UnionWith(all);
        }

        return met;
    }

    private static void Note<TKey>(Dictionary<TKey, List<FieldUser>> users, TKey key, FieldUser user)
        where TKey : notnull
    {
        if (!users.TryGetValue(key, out var list)) users[key] = list = [];
        if (list.Count == 0 || list[^1] != user) list.Add(user);
    }

    /// <summary>Breadth first from the deployment back to itself.</summary>
    private SharedFields? ShortestCycle(FieldUser own)
    {
        var cameFrom = new Dictionary<FieldUser, FieldUser>();
        var queue = new Queue<FieldUser>([own]);
        while (queue.TryDequeue(out var at))
        {
            foreach (var next in Met(at).Where(u => u != at && Between(at, u).Any()).OrderBy(u => u.Deployment, StringComparer.Ordinal))
            {
                if (next == own) return Around(own, at, cameFrom);
                if (cameFrom.TryAdd(next, at)) queue.Enqueue(next);
            }
        }

        return null;
    }

    private static SharedFields Around(FieldUser own, FieldUser last, Dictionary<FieldUser, FieldUser> cameFrom)
    {
        var way = new List<FieldUser> { own };
        for (var at = last; at != own; at = cameFrom[at]) way.Insert(0, at);
        way.Insert(0, own);
        var fields = way.Zip(way.Skip(1)).SelectMany(step => Between(step.First, step.Second));
        return new SharedFields([.. way.Select(u => u.Deployment)], Names(fields), Cycle: true);
    }

    private sealed record FieldName(string Realm, string Entity, string Path)
    {
        public override string ToString() => $"{Entity}.{Path}";
    }

    private sealed class FieldUser(string deployment)
    {
        public string Deployment => deployment;

        public HashSet<FieldName> Writes { get; } = [];

        public HashSet<FieldName> Listens { get; } = [];

        /// <summary>Entities any change of which begins a run.</summary>
        public HashSet<(string Realm, string Entity)> ListensToAll { get; } = [];

        public HashSet<string> Answered { get; } = new(StringComparer.Ordinal);
    }
}
