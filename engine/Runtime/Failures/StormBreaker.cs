namespace WorkflowEngine.Runtime;

/// <summary>50 dead letters of one fingerprint and over 80 % of the runs within a minute are no matter of records: the deployment is paused.</summary>
internal sealed class StormBreaker(TimeProvider time)
{
    /// <summary>How the fingerprint of the incident begins: the dead letters' own follows. It is over when a person lets the deployment go on.</summary>
    public const string Incident = "storm:";

    private const int Letters = 50;
    private const double Share = 0.8;
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<DeploymentRef, Minute> _minutes = [];

    public void Ended(DeploymentRef deployment)
    {
        lock (_gate) Of(deployment).Runs++;
    }

    /// <summary>True when this dead letter is the one too many.</summary>
    public bool Failed(DeploymentRef deployment, string fingerprint)
    {
        lock (_gate)
        {
            var minute = Of(deployment);
            minute.Runs++;
            var letters = minute.Letters[fingerprint] = minute.Letters.GetValueOrDefault(fingerprint) + 1;
            if (letters < Letters || letters <= Share * minute.Runs) return false;
            _minutes.Remove(deployment);
            return true;
        }
    }

    private Minute Of(DeploymentRef deployment)
    {
        var now = time.GetUtcNow();
        if (!_minutes.TryGetValue(deployment, out var minute) || now - minute.Since > Within) _minutes[deployment] = minute = new Minute { Since = now };
        return minute;
    }

    private sealed class Minute
    {
        public required DateTimeOffset Since { get; init; }

        public int Runs { get; set; }

        public Dictionary<string, int> Letters { get; } = [];
    }
}
