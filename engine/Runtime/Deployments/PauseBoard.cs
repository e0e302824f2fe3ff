
namespace WorkflowEngine.Runtime;

/// <summary>
/// Deployments and connections that stand still, and until when. When the time is over one run may try: if it gets through the pause ends, else it begins anew and is longer.
/// </summary>
public sealed class PauseBoard(TimeProvider time)
{
    private const string Prefix = "paused:";

    private static readonly TimeSpan First = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(15);

    private readonly Lock _gate = new();
    private readonly Dictionary<DeploymentRef, Pause> _deployments = [];
    private readonly Dictionary<(string Workspace, string Connection), Pause> _connections = [];

    /// <summary>The fingerprint of the incident of a deployment's pause.</summary>
    public static string OfDeployment(string cause) => Prefix + cause;

    /// <summary>The fingerprint of the incident of a connection's pause; tells which connection it is.</summary>
    public static string OfConnection(string connection, string cause) => $"{Prefix}{connection}:{cause}";

    /// <summary>
    /// Pauses that lasted when the process ended: their incidents are open. Whether they still do is asked by one run and not by all that wait.
    /// </summary>
    public void Remember(IEnumerable<Incident> open)
    {
        lock (_gate)
        {
            foreach (var incident in open)
            {
                if (!incident.Fingerprint.StartsWith(Prefix, StringComparison.Ordinal)) continue;
                var pause = new Pause { Fingerprint = incident.Fingerprint, Message = incident.Message, Until = time.GetUtcNow() };
                if (incident.Deployment is { } deployment) _deployments.TryAdd(new DeploymentRef(incident.Workspace, deployment), pause);
                else if (incident.Fingerprint[Prefix.Length..].LastIndexOf(':') is var end and > 0) _connections.TryAdd((incident.Workspace, incident.Fingerprint[Prefix.Length..][..end]), pause);
            }
        }
    }

    /// <summary>Stops a deployment because something it needs is missing. Returns when it is tried again.</summary>
    public DateTimeOffset PauseDeployment(DeploymentRef deployment, string fingerprint, string message)
    {
        lock (_gate) return Begin(_deployments, deployment, fingerprint, message, null);
    }

    /// <summary>Stops all runs of a connection. Returns when it is tried again.</summary>
    public DateTimeOffset PauseConnection(BoundConnection connection, string fingerprint, string message, TimeSpan? asked)
    {
        lock (_gate) return Begin(_connections, (connection.Workspace, connection.Name), fingerprint, message, asked);
    }

    /// <summary>How many more runs of the deployment may be in flight, and when to ask again when none.</summary>
    public (int Room, DateTimeOffset? Until) Room(ActiveDeployment deployment, int inFlight)
    {
        lock (_gate)
        {
            if (_deployments.Count == 0 && _connections.Count == 0) return (int.MaxValue, null);
            var now = time.GetUtcNow();
            var probing = false;
            DateTimeOffset? until = null;
            if (_deployments.TryGetValue(deployment.Ref, out var own)) Judge(own, now, ref probing, ref until);
            foreach (var connection in deployment.Connections.Values)
            {
                if (_connections.TryGetValue((connection.Workspace, connection.Name), out var pause)) Judge(pause, now, ref probing, ref until);
            }

            if (until is not null) return (0, until);
            return probing ? (Math.Max(0, 1 - inFlight), null) : (int.MaxValue, null);
        }
    }

    /// <summary>When a connection may be used again; null when it may.</summary>
    public DateTimeOffset? Until(string workspace, string connection)
    {
        lock (_gate) return _connections.TryGetValue((workspace, connection), out var pause) && pause.Until > time.GetUtcNow() ? pause.Until : null;
    }

    /// <summary>An event waits for the end of the pause and is woken by it.</summary>
    public void Hold(DeploymentRef deployment, long eventId)
    {
        lock (_gate)
        {
            if (_deployments.TryGetValue(deployment, out var own)) own.Held.Add((eventId, deployment));
            else
            {
                foreach (var pause in _connections.Values)
                {
                    pause.Held.Add((eventId, deployment));
                    break;
                }
            }
        }
    }

    /// <summary>A run got through: pauses that it proves over end. Returns their fingerprints and the events to wake.</summary>
    public IReadOnlyList<EndedPause> Passed(ActiveDeployment deployment, IReadOnlyCollection<string> connectionsUsed)
    {
        lock (_gate)
        {
            if (_deployments.Count == 0 && _connections.Count == 0) return [];
            List<EndedPause>? ended = null;
            var now = time.GetUtcNow();
            if (connectionsUsed.Count > 0 && _deployments.TryGetValue(deployment.Ref, out var own) && own.Until <= now)
            {
                _deployments.Remove(deployment.Ref);
                (ended ??= []).Add(new EndedPause(own.Fingerprint, deployment.Ref.Id, own.Held));
            }

            foreach (var name in connectionsUsed)
            {
                if (!_connections.TryGetValue((deployment.Ref.Workspace, name), out var pause) || pause.Until > now) continue;
                _connections.Remove((deployment.Ref.Workspace, name));
                (ended ??= []).Add(new EndedPause(pause.Fingerprint, null, pause.Held));
            }

            return ended ?? (IReadOnlyList<EndedPause>)[];
        }
    }

    /// <summary>A person says that it was mended.</summary>
    public IReadOnlyList<EndedPause> Resume(DeploymentRef deployment)
    {
        lock (_gate) return _deployments.Remove(deployment, out var own) ? [new EndedPause(own.Fingerprint, deployment.Id, own.Held)] : [];
    }

    /// <summary>Pauses of a workspace that last.</summary>
    public IReadOnlyList<string> DescribeOf(string workspace)
    {
        lock (_gate)
        {
            return [.. _deployments.Where(p => p.Key.Workspace == workspace).Select(p => p.Value.Message), .. _connections.Where(p => p.Key.Workspace == workspace).Select(p => p.Value.Message)];
        }
    }

    /// <summary>Pauses that last, for status.</summary>
    public IReadOnlyList<string> Describe()
    {
        lock (_gate) return [.. _deployments.Values.Concat(_connections.Values).Select(p => p.Message)];
    }

    private static void Judge(Pause pause, DateTimeOffset now, ref bool probing, ref DateTimeOffset? until)
    {
        if (pause.Until <= now) probing = true;
        else if (until is null || pause.Until > until) until = pause.Until;
    }

    private DateTimeOffset Begin<TKey>(Dictionary<TKey, Pause> pauses, TKey key, string fingerprint, string message, TimeSpan? asked)
        where TKey : notnull
    {
        var now = time.GetUtcNow();
        if (!pauses.TryGetValue(key, out var pause)) pauses[key] = pause = new Pause { Fingerprint = fingerprint, Message = message };
        else if (pause.Until > now) return pause.Until;
        var wait = asked ?? TimeSpan.FromTicks(Math.Min(Most.Ticks, First.Ticks << Math.Min(pause.Times, 8)));
        pause.Times++;
        pause.Until = now + wait;
        return pause.Until;
    }

    private sealed class Pause
    {
        public required string Fingerprint { get; init; }

        public required string Message { get; init; }

        public DateTimeOffset Until { get; set; }

        public int Times { get; set; }

        public List<(long, DeploymentRef)> Held { get; } = [];
    }
}

/// <summary>A pause that is over.</summary>
public sealed record EndedPause(string Fingerprint, Guid? Deployment, IReadOnlyList<(long EventId, DeploymentRef Deployment)> Held);
