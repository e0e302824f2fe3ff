namespace WorkflowEngine.Runtime;

/// <summary>Opens, counts and closes incidents. Open ones are remembered, so that a recovery costs nothing where there is nothing to recover.</summary>
internal sealed class IncidentBook(IGroupCommit commit, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly HashSet<(string, Guid?, string)> _open = [];
    private readonly List<Task> _writes = [];

    /// <summary>Whether any is open; asked before one is looked for by name.</summary>
    public bool IsAnyOpen
    {
        get
        {
            lock (_gate) return _open.Count > 0;
        }
    }

    /// <summary>Remembers those open in the store; called at start, and now and then where other nodes open and close them too.</summary>
    public void Remember(IEnumerable<Incident> incidents)
    {
        lock (_gate)
        {
            foreach (var incident in incidents) _open.Add((incident.Workspace, incident.Deployment, incident.Fingerprint));
        }
    }

    public void Raise(string workspace, Guid? deployment, string fingerprint, string message)
    {
        lock (_gate) _open.Add((workspace, deployment, fingerprint));
        Write(new RaiseIncident(workspace, deployment, fingerprint, message, time.GetUtcNow()));
    }

    public void Recover(string workspace, Guid? deployment, string fingerprint)
    {
        lock (_gate)
        {
            if (!_open.Remove((workspace, deployment, fingerprint))) return;
        }

        Write(new RecoverIncident(workspace, deployment, fingerprint, time.GetUtcNow()));
    }

    /// <summary>Those of a deployment whose fingerprints begin alike are over.</summary>
    public void RecoverAll(string workspace, Guid deployment, string beginning)
    {
        List<string> over;
        lock (_gate) over = [.. _open.Where(o => o.Item1 == workspace && o.Item2 == deployment && o.Item3.StartsWith(beginning, StringComparison.Ordinal)).Select(o => o.Item3)];
        foreach (var fingerprint in over) Recover(workspace, deployment, fingerprint);
    }

    /// <summary>Incidents said so far are stored.</summary>
    public Task FlushAsync()
    {
        Task[] writes;
        lock (_gate) writes = [.. _writes];
        return Task.WhenAll(writes);
    }

    private void Write(StoreChange change)
    {
        var task = commit.CommitAsync(CommitQueue.Settlement, new ChangeSet([change]));
        lock (_gate)
        {
            _writes.RemoveAll(t => t.IsCompleted);
            _writes.Add(task);
        }
    }
}
