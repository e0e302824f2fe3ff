namespace WorkflowEngine.Testing;

/// <summary>Jobs of a fake vendor: how long they take and which rows go astray.</summary>
public sealed class FakeJobs(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, FakeJob> _jobs = [];

    /// <summary>From so many rows on a job is worth it; null = the vendor has no jobs.</summary>
    public int? LeastRows { get; set; }

    /// <summary>The vendor reads by jobs too.</summary>
    public bool Reads { get; set; }

    /// <summary>How many records the vendor says there are, whatever is asked; null = it does not count.</summary>
    public long? Counts { get; set; }

    /// <summary>Rows of a page of a job that reads.</summary>
    public int PageRows { get; set; } = 10;

    /// <summary>The vendor forgets its jobs.</summary>
    public void Forget()
    {
        lock (_gate) _jobs.Clear();
    }

    /// <summary>How long the vendor works at one.</summary>
    public TimeSpan Takes { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>So many rows of a job are done, then it ends; null = all.</summary>
    public int? EndsAfter { get; set; }

    /// <summary>The vendor says nothing of every so manieth row, though it did it; 0 = it speaks of all.</summary>
    public int SilentAtEvery { get; set; }

    public IReadOnlyList<FakeJob> All
    {
        get
        {
            lock (_gate) return [.. _jobs.Values];
        }
    }

    internal DateTimeOffset Now => time.GetUtcNow();

    internal FakeJob Make(string entity, Abstractions.WriteVerb verb)
    {
        lock (_gate)
        {
            var job = new FakeJob { Id = $"job{_jobs.Count + 1}", Entity = entity, Verb = verb };
            return _jobs[job.Id] = job;
        }
    }

    internal FakeJob? Find(string id)
    {
        lock (_gate) return _jobs.GetValueOrDefault(id);
    }
}
