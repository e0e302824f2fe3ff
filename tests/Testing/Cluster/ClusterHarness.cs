using WorkflowEngine.Runtime;

namespace WorkflowEngine.Testing;

/// <summary>Several runtimes over one store, on one virtual clock. Lanes move between them, nodes die, and nodes are cut off and go on without knowing that others took their lanes.</summary>
public sealed class ClusterHarness(int nodes, int seed) : RuntimeHarness
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    private const int Nobody = -1;

    private readonly Random _random = new(seed);
    private readonly FakeLeases _leases = new();
    private readonly List<(HarnessNode Node, FakeOwnership Ownership)> _nodes = [];
    private readonly List<(int Lane, int From, int To)> _moving = [];

    private int _rings;

    /// <summary>Any node takes what is handed in.</summary>
    public override EngineRuntime Runtime => _nodes.Count == 0 ? null! : _nodes[_random.Next(_nodes.Count)].Node.Runtime;

    /// <summary>How often a lane went to another node.</summary>
    public int Moves { get; private set; }

    public override async Task StartAsync()
    {
        for (var i = 0; i < nodes; i++) await JoinAsync();
        for (var lane = 0; lane < Lane.Count; lane++) _nodes[lane % nodes].Ownership.Own(lane, _leases.Take(lane));
    }

    public override void Kill()
    {
        foreach (var (node, _) in _nodes) node.Process.Kill();
    }

    /// <summary>A node dies; the others take its lanes, and another one joins in its place.</summary>
    public override async Task RestartAsync()
    {
        var dead = _random.Next(_nodes.Count);
        _nodes[dead].Node.Process.Kill();
        var held = Held(dead);
        _nodes.RemoveAt(dead);
        _moving.RemoveAll(m => m.From == dead && held.Contains(m.Lane));
        // What was on its way to it goes to the one that joins: any other may be cut off.
        var joins = _nodes.Count;
        for (var i = 0; i < _moving.Count; i++) _moving[i] = (_moving[i].Lane, Shift(_moving[i].From), _moving[i].To == dead ? joins : Shift(_moving[i].To));
        await JoinAsync();
        TakeOver(held, except: -1);
        await GiveAsync();

        int Shift(int node) => node > dead ? node - 1 : node;
    }

    /// <summary>Some lanes of one node go to another: nothing more is claimed of them, and they are given when nothing of them is in memory.</summary>
    public void Move(int lanes)
    {
        var (from, to) = (_random.Next(_nodes.Count), _random.Next(_nodes.Count));
        if (from == to || _nodes[from].Ownership.IsCut || _nodes[to].Ownership.IsCut) return;
        var some = _nodes[from].Ownership.OwnedLanes.OrderBy(_ => _random.Next()).Take(lanes).ToList();
        _nodes[from].Ownership.Leave(some);
        _moving.AddRange(some.Select(lane => (lane, from, to)));
    }

    /// <summary>A node cannot be reached any more and does not know it: the others take its lanes while it goes on.</summary>
    public async Task CutAsync()
    {
        var cut = _random.Next(_nodes.Count);
        if (_nodes.Any(n => n.Ownership.IsCut)) return;
        _nodes[cut].Ownership.Cut();
        _moving.RemoveAll(m => m.From == cut);
        for (var i = 0; i < _moving.Count; i++) if (_moving[i].To == cut) _moving[i] = _moving[i] with { To = (cut + 1) % _nodes.Count };
        TakeOver(Held(cut), except: cut);
        await GiveAsync();
    }

    /// <summary>Who was cut off hears again what it lost.</summary>
    public void Heal()
    {
        foreach (var (_, ownership) in _nodes.Where(n => n.Ownership.IsCut)) ownership.Heal([.. ownership.OwnedLanes.Where(lane => ownership.FencingToken(lane) != _leases.TokenOf(lane))]);
    }

    public override async Task IdleAsync()
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            await GiveAsync();
            Look();
            var before = Work();
            foreach (var (node, ownership) in _nodes.Where(n => !n.Ownership.IsCut).ToList()) await WaitAsync(node);
            if (_moving.Count == 0 && Work() == before) return;
            if (TimeProvider.System.GetElapsedTime(since) > Patience) throw new TimeoutException($"The nodes do not come to rest: {_moving.Count} lanes on their way.\n{Stores.Left}");
        }
    }

    public override ValueTask DisposeAsync()
    {
        Heal();
        return base.DisposeAsync();
    }

    /// <summary>A run whose lane went away and came back may wait for what this node gathers for a job still, and that for a time.</summary>
    private async Task WaitAsync(HarnessNode node)
    {
        var idle = node.Runtime.WaitIdleAsync(CancellationToken.None);
        for (var waited = TimeSpan.Zero; waited < Patience; waited += Rest)
        {
            if (await Task.WhenAny(idle, Task.Delay(Rest, TimeProvider.System)) == idle)
            {
                await idle;
                return;
            }

            // On a busy machine it is only slow; after so long it waits for a time itself.
            Time.Advance(TimeSpan.FromMinutes(1));
        }

        throw new TimeoutException($"A node does not come to rest: {node.Runtime.RunsInMemory} runs in memory, next due {node.Runtime.NextDue:HH:mm:ss.fffffff}.");
    }

    /// <summary>Counts that move while anything runs.</summary>
    private long Work() => _nodes.Sum(n => n.Node.Writer.Sets);

    private async Task JoinAsync()
    {
        var ownership = new FakeOwnership();
        var node = NewNode(ownership, writer => _leases.Fence(writer, ownership));
        node.Runtime.Concerns += deployment => Ring(node, deployment);
        _nodes.Add((node, ownership));
        await node.Runtime.StartAsync(CancellationToken.None);
    }

    /// <summary>Every second ring is lost; who rests looks by itself.</summary>
    private void Ring(HarnessNode from, DeploymentRef? deployment)
    {
        foreach (var (node, _) in _nodes.ToArray())
        {
            if (node != from && Interlocked.Increment(ref _rings) % 2 == 0) node.Runtime.Hear(deployment);
        }
    }

    private void Look()
    {
        foreach (var (node, ownership) in _nodes.Where(n => !n.Ownership.IsCut)) node.Runtime.Hear(null);
    }

    /// <summary>Lanes whose lease a node has.</summary>
    private List<int> Held(int node) => [.. Enumerable.Range(0, Lane.Count).Where(lane => _nodes[node].Ownership.FencingToken(lane) == _leases.TokenOf(lane))];

    /// <summary>A lane is given when nothing of it is in memory: of who left it, and of who gets it and had it before.</summary>
    private async Task GiveAsync()
    {
        foreach (var move in _moving.Where(m => (m.From == Nobody || _nodes[m.From].Node.Runtime.RunsOf(m.Lane) == 0) && _nodes[m.To].Node.Runtime.RunsOf(m.Lane) == 0).ToList())
        {
            _moving.Remove(move);
            await OwnAsync([move.Lane], move.To);
        }
    }

    /// <summary>Fenced at once, run by others as soon as they can.</summary>
    private void TakeOver(List<int> lanes, int except)
    {
        foreach (var lane in lanes)
        {
            _leases.Take(lane);
            _moving.Add((lane, Nobody, Enumerable.Range(lane, _nodes.Count).Select(n => n % _nodes.Count).First(n => n != except && !_nodes[n].Ownership.IsCut)));
        }
    }

    private async Task OwnAsync(IReadOnlyList<int> lanes, int node)
    {
        Moves += lanes.Count;
        var tokens = lanes.Select(_leases.Take).ToList();
        await _nodes[node].Node.Runtime.TakeOverAsync(lanes, CancellationToken.None);
        for (var i = 0; i < lanes.Count; i++) _nodes[node].Ownership.Own(lanes[i], tokens[i]);
    }
}
