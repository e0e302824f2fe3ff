using WorkflowEngine.Abstractions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Testing;

/// <summary>All ports of the store in memory, exactly as documented. Outlives the runtimes opened on it, as a database does.</summary>
public sealed class InMemoryStores
{
    internal Lock Gate { get; } = new();

    internal MemoryInbox Inbox { get; } = new();

    internal MemoryLinks Links { get; } = new();

    internal Dictionary<EventKey, KeyState> KeyStates { get; } = [];

    internal Dictionary<CursorKey, SourceCursor> Cursors { get; } = [];

    internal List<DeadLetter> Letters { get; } = [];

    internal Dictionary<string, Review> Reviews { get; } = [];

    internal Dictionary<string, Backfill> Backfills { get; } = [];

    internal Dictionary<string, BulkJob> Jobs { get; } = [];

    /// <summary>States of deployments that were stored.</summary>
    public Dictionary<DeploymentRef, (DeploymentState State, string? Because)> States { get; } = [];

    internal List<RunRow> Runs { get; } = [];

    internal List<EffectRow> Effects { get; } = [];

    internal Dictionary<(string Workspace, string Run), byte[]> Journal { get; } = [];

    internal Dictionary<(string, Guid?, string), Incident> Incidents { get; } = [];

    internal long LastIncident { get; set; }

    public IReadOnlyList<RunRow> AllRuns
    {
        get
        {
            lock (Gate) return [.. Runs];
        }
    }

    public IReadOnlyList<BulkJob> AllJobs
    {
        get
        {
            lock (Gate) return [.. Jobs.Values];
        }
    }

    public IReadOnlyList<Backfill> AllBackfills
    {
        get
        {
            lock (Gate) return [.. Backfills.Values];
        }
    }

    public IReadOnlyList<DeadLetter> AllLetters
    {
        get
        {
            lock (Gate) return [.. Letters];
        }
    }

    public IReadOnlyList<Incident> AllIncidents
    {
        get
        {
            lock (Gate) return [.. Incidents.Values];
        }
    }

    public IReadOnlyList<EffectRow> AllEffects
    {
        get
        {
            lock (Gate) return [.. Effects];
        }
    }

    /// <summary>Rows of links and claims, ended ones too.</summary>
    public int LinkCount
    {
        get
        {
            lock (Gate) return Links.Count;
        }
    }

    /// <summary>Events that are not settled.</summary>
    public int Pending
    {
        get
        {
            lock (Gate) return Inbox.Count;
        }
    }

    /// <summary>What is not settled, one line each.</summary>
    public string Left
    {
        get
        {
            lock (Gate) return string.Join('\n', Inbox.Left());
        }
    }

    /// <summary>Events kept for later.</summary>
    public int Planned
    {
        get
        {
            lock (Gate) return Inbox.Planned;
        }
    }

    /// <summary>When the next delayed event is due; null when none is.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (Gate) return Inbox.NextDue;
        }
    }

    public string Explanation(string workspace, string run)
    {
        lock (Gate) return Journal.TryGetValue((workspace, run), out var text) ? System.Text.Encoding.UTF8.GetString(text) : "";
    }

    /// <summary>The ports as one process sees them. After <see cref="FakeProcess.Kill"/> nothing of it reaches the store.</summary>
    public RuntimeStores Open(FakeProcess process)
    {
        var session = new MemorySession(this, process);
        return new RuntimeStores
        {
            Writer = session, Inbox = session, KeyStates = session, Links = session, Cursors = session, DeadLetters = session, Incidents = session, Runs = session, Reviews = session, Backfills = session, BulkJobs = session, History = session,
        };
    }
}
