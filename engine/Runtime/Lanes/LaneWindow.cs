namespace WorkflowEngine.Runtime;

/// <summary>What is in memory of this node: keys in flight by deployment, runs by connection, deployments that may have ready events.</summary>
internal sealed class LaneWindow(RuntimeOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<DeploymentRef, Dictionary<string, long>> _keys = [];
    private readonly Dictionary<(string, string), int> _connections = [];
    private readonly HashSet<DeploymentRef> _maybeReady = [];
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public int Free => options.Window - Count;

    public bool MaybeReady
    {
        get
        {
            lock (_gate) return _maybeReady.Count > 0;
        }
    }

    public void Mark(DeploymentRef deployment)
    {
        lock (_gate) _maybeReady.Add(deployment);
    }

    /// <summary>Takes the deployments that may have ready events; one that has more is marked again.</summary>
    public List<DeploymentRef> Take()
    {
        lock (_gate)
        {
            var all = new List<DeploymentRef>(_maybeReady);
            _maybeReady.Clear();
            return all;
        }
    }

    public int CountOf(DeploymentRef deployment)
    {
        lock (_gate) return _keys.TryGetValue(deployment, out var keys) ? keys.Count : 0;
    }

    /// <summary>How many more runs the connections of a deployment allow.</summary>
    public int Room(ActiveDeployment deployment)
    {
        lock (_gate)
        {
            var room = int.MaxValue;
            foreach (var connection in deployment.Connections.Values)
            {
                room = Math.Min(room, options.WindowPerConnection - _connections.GetValueOrDefault((connection.Workspace, connection.Name)));
            }

            return Math.Max(0, room);
        }
    }

    /// <summary>What of the deployment is in flight now, as a copy.</summary>
    public InFlight Of(DeploymentRef deployment)
    {
        lock (_gate) return _keys.TryGetValue(deployment, out var keys) ? new InFlight(keys.Keys.ToHashSet(), keys.Values.ToHashSet()) : InFlight.None;
    }

    /// <summary>False when the key is in flight already.</summary>
    public bool Enter(ActiveDeployment deployment, string key, long eventId)
    {
        lock (_gate)
        {
            if (!_keys.TryGetValue(deployment.Ref, out var keys)) _keys[deployment.Ref] = keys = [];
            if (!keys.TryAdd(key, eventId)) return false;
            _count++;
            foreach (var connection in deployment.Connections.Values)
            {
                var name = (connection.Workspace, connection.Name);
                _connections[name] = _connections.GetValueOrDefault(name) + 1;
            }

            return true;
        }
    }

    public void Leave(ActiveDeployment deployment, string key)
    {
        lock (_gate)
        {
            if (!_keys.TryGetValue(deployment.Ref, out var keys) || !keys.Remove(key)) return;
            _count--;
            foreach (var connection in deployment.Connections.Values) _connections[(connection.Workspace, connection.Name)]--;
            _maybeReady.Add(deployment.Ref);
        }
    }
}
