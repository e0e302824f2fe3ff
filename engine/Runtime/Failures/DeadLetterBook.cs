namespace WorkflowEngine.Runtime;

/// <summary>
/// Which keys have open dead letters, so that a success of another key costs nothing, and which incidents they hold open: an incident of equal failures is over when nothing of it waits any more.
/// </summary>
internal sealed class DeadLetterBook(IncidentBook incidents)
{
    private const int MostKeys = 100_000;

    private readonly Lock _gate = new();

    /// <summary>For each key how many letters of each fingerprint it has.</summary>
    private readonly Dictionary<(DeploymentRef Deployment, string Key), Dictionary<string, int>> _open = [];

    /// <summary>How many keys have a letter of it.</summary>
    private readonly Dictionary<(DeploymentRef Deployment, string Fingerprint), int> _keys = [];
    private bool _unknown;

    /// <summary>Reads those open in the store; called at start, and now and then where other nodes open and close them too.</summary>
    public async Task LoadAsync(IDeadLetterStore store, IEnumerable<string> workspaces, CancellationToken cancellationToken)
    {
        var all = new List<(DeploymentRef Deployment, string Key, string Fingerprint)>();
        var unknown = false;
        foreach (var workspace in workspaces)
        {
            long? before = null;
            for (var count = 0; count < MostKeys;)
            {
                var page = await store.ListAsync(new DeadLetterFilter { Workspace = workspace, Before = before, Limit = 500 }, cancellationToken).ConfigureAwait(false);
                all.AddRange(page.Select(letter => (letter.Content.Deployment, letter.Content.Key, letter.Content.Fingerprint)));
                if (page.Count < 500) break;
                before = page[^1].Id;
                count += page.Count;
                unknown |= count >= MostKeys;
            }
        }

        lock (_gate)
        {
            _open.Clear();
            _keys.Clear();
            _unknown = unknown;
            foreach (var (deployment, key, fingerprint) in all) Count(deployment, key, fingerprint);
        }
    }

    /// <summary>Of open incidents, those of equal failures of which no letter is left are over: the last one was replayed, and this process did not see how that ended.</summary>
    public void RecoverEmpty(IEnumerable<Incident> open)
    {
        lock (_gate)
        {
            if (_unknown) return;
            foreach (var incident in open)
            {
                if (incident.Deployment is not { } id || !Fingerprint.Is(incident.Fingerprint) || _keys.ContainsKey((new DeploymentRef(incident.Workspace, id), incident.Fingerprint))) continue;
                incidents.Recover(incident.Workspace, id, incident.Fingerprint);
            }
        }
    }

    /// <summary>A letter is being stored; its incident is open.</summary>
    public void Opened(DeploymentRef deployment, string key, string fingerprint, string message)
    {
        // Under one lock with the recovery of another key: the incident is told as the count stands.
        lock (_gate)
        {
            Count(deployment, key, fingerprint);
            incidents.Raise(deployment.Workspace, deployment.Id, fingerprint, message);
        }
    }

    /// <summary>True when the key may have open dead letters that a success closes. Incidents of which nothing is left are over.</summary>
    public bool Close(DeploymentRef deployment, string key)
    {
        lock (_gate)
        {
            if (!_open.Remove((deployment, key), out var prints)) return _unknown;
            foreach (var print in prints.Keys) Left(deployment, print);
            return true;
        }
    }

    /// <summary>A person put one aside, or its replay had nothing to do.</summary>
    public void Discarded(DeploymentRef deployment, string key, string fingerprint)
    {
        lock (_gate)
        {
            if (!_open.TryGetValue((deployment, key), out var prints) || !prints.TryGetValue(fingerprint, out var count)) return;
            if (count > 1)
            {
                prints[fingerprint] = count - 1;
                return;
            }

            prints.Remove(fingerprint);
            if (prints.Count == 0) _open.Remove((deployment, key));
            Left(deployment, fingerprint);
        }
    }

    private void Count(DeploymentRef deployment, string key, string fingerprint)
    {
        lock (_gate)
        {
            if (!_open.TryGetValue((deployment, key), out var prints)) _open[(deployment, key)] = prints = [];
            var before = prints.GetValueOrDefault(fingerprint);
            prints[fingerprint] = before + 1;
            if (before == 0) _keys[(deployment, fingerprint)] = _keys.GetValueOrDefault((deployment, fingerprint)) + 1;
        }
    }

    private void Left(DeploymentRef deployment, string fingerprint)
    {
        var left = _keys.GetValueOrDefault((deployment, fingerprint)) - 1;
        if (left > 0)
        {
            _keys[(deployment, fingerprint)] = left;
            return;
        }

        _keys.Remove((deployment, fingerprint));

        // Beyond what is counted there may be more of it.
        if (!_unknown) incidents.Recover(deployment.Workspace, deployment.Id, fingerprint);
    }
}
