namespace WorkflowEngine.Runtime;

/// <summary>What is in memory of this node: keys in flight by deployment, runs by connection, deployments that may have ready events.</summary>
internal sealed class LaneWindow(RuntimeOptions options)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<DeploymentRef, Running> _running = [];
    private readonly Dictionary<(string, string), int> _connections = [];
    private readonly HashSet<DeploymentRef> _maybeReady = [];
    private readonly HashSet<(DeploymentRef, string)> _backfill = [];
    private readonly HashSet<DeploymentRef> _held = [];
    private readonly HashSet<DeploymentRef> _full = [];
    private readonly HashSet<DeploymentRef> _putOff = [];
    private readonly int[] _lanes = new int[Lane.Count];
    private int _count;
    private int _appended;
    private bool _certain;

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
        lock (_gate)
        {
            _maybeReady.Add(deployment);
            _certain = true;
        }
    }

    /// <summary>Events were appended for the deployment.</summary>
    public void MarkAppended(DeploymentRef deployment, int events)
    {
        lock (_gate)
        {
            _maybeReady.Add(deployment);
            _appended += events;
        }
    }

    /// <summary>
    /// What is known to be ready is less than a full call, and runs are in memory: while more is being appended it may gather. The next append looks again, and so does a run that leaves and
    /// an intake that has nothing more to write.
    /// </summary>
    public bool Gathers
    {
        get
        {
            lock (_gate) return _count > 0 && !_certain && _appended < options.Window / 5;
        }
    }

    /// <summary>Takes the deployments that may have ready events; one that has more is marked again.</summary>
    public List<DeploymentRef> Take()
    {
        lock (_gate)
        {
            var all = new List<DeploymentRef>(_maybeReady);
            _maybeReady.Clear();
            (_appended, _certain) = (0, false);
            return all;
        }
    }

    public int CountOf(DeploymentRef deployment)
    {
        lock (_gate) return _running.TryGetValue(deployment, out var running) ? running.Keys.Count : 0;
    }

    /// <summary>How many more runs the connections of a deployment allow. When none, it is looked at again as soon as any run leaves: the room may be taken by other deployments alone.</summary>
    public int Room(ActiveDeployment deployment)
    {
        lock (_gate)
        {
            var room = int.MaxValue;
            foreach (var connection in deployment.Connections.Values)
            {
                room = Math.Min(room, options.WindowPerConnection - _connections.GetValueOrDefault((connection.Workspace, connection.Name)));
            }

            if (room <= 0) _full.Add(deployment.Ref);
            return Math.Max(0, room);
        }
    }

    /// <summary>The deployment stands still until then and is looked at again; nothing of its own need be due at that time.</summary>
    public DateTimeOffset PutOff(DeploymentRef deployment, DateTimeOffset until)
    {
        lock (_gate) _putOff.Add(deployment);
        return until;
    }

    /// <summary>Something is due: whoever was put off is looked at, and put off again when its own time has not come.</summary>
    public void MarkPutOff()
    {
        lock (_gate)
        {
            if (_putOff.Count == 0) return;
            _maybeReady.UnionWith(_putOff);
            _putOff.Clear();
            _certain = true;
        }
    }

    /// <summary>
    /// How many more runs of backfills may be in memory. Live events find room beside them: they need a fifth of the window free to be claimed at all, and get another. A few places are not given
    /// out: small claims make small calls.
    /// </summary>
    public int BackfillRoom
    {
        get
        {
            lock (_gate) return RoomForBackfill();
        }
    }

    /// <summary>Only events of a backfill are ready and it has its share: the deployment is looked at again when there is room.</summary>
    public void HoldBackfill(DeploymentRef deployment)
    {
        lock (_gate)
        {
            // What filled the share may have left meanwhile.
            if (RoomForBackfill() <= 0)
            {
                _held.Add(deployment);
                return;
            }

            _maybeReady.Add(deployment);
            _certain = true;
        }
    }

    /// <summary>What of the deployment is in flight now, as a copy.</summary>
    public InFlight Of(DeploymentRef deployment)
    {
        // A set made from a set is copied as memory; one made from anything else is hashed anew, and this is asked at each claim.
        lock (_gate) return _running.TryGetValue(deployment, out var running) ? new InFlight(new HashSet<string>(running.Keys), new HashSet<long>(running.Events)) : InFlight.None;
    }

    /// <summary>Runs of a lane in memory.</summary>
    public int CountOf(int lane)
    {
        lock (_gate) return _lanes[lane];
    }

    /// <summary>False when the key is in flight already.</summary>
    public bool Enter(ActiveDeployment deployment, string key, long eventId, int lane, bool backfill)
    {
        lock (_gate)
        {
            if (!_running.TryGetValue(deployment.Ref, out var running)) _running[deployment.Ref] = running = new Running([], [], []);
            if (!running.Keys.Add(key)) return false;
            running.Events.Add(eventId);
            running.EventOf.Add(key, (eventId, lane));
            _lanes[lane]++;
            _count++;
            if (backfill) _backfill.Add((deployment.Ref, key));
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
            if (!_running.TryGetValue(deployment.Ref, out var running) || !running.EventOf.Remove(key, out var entered)) return;
            running.Keys.Remove(key);
            running.Events.Remove(entered.Id);
            _lanes[entered.Lane]--;
            _count--;
            foreach (var connection in deployment.Connections.Values) _connections[(connection.Workspace, connection.Name)]--;
            var ofBackfill = _backfill.Remove((deployment.Ref, key));
            if (_full.Count > 0)
            {
                _maybeReady.UnionWith(_full);
                _full.Clear();
                _certain = true;
            }

            if (_held.Count > 0 && RoomForBackfill() > 0)
            {
                _maybeReady.UnionWith(_held);
                _held.Clear();
                _certain = true;
            }

            if (!ofBackfill || !_held.Contains(deployment.Ref)) _maybeReady.Add(deployment.Ref);
        }
    }

    private int RoomForBackfill()
    {
        var most = Math.Max(1, options.Window * 3 / 5);
        var room = most - _backfill.Count;
        return room <= 0 || (_backfill.Count > 0 && room < most / 5) ? 0 : room;
    }

    private sealed record Running(HashSet<string> Keys, HashSet<long> Events, Dictionary<string, (long Id, int Lane)> EventOf);
}
