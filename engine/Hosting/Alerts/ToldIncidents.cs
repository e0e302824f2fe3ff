using System.Text.Json;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>What a channel knows: the newest incident it heard of, and those it believes to be open.</summary>
/// <param name="Newest">Its number; 0 = nothing was told yet.</param>
/// <param name="Open">Numbers of incidents whose end was not told.</param>
internal sealed record ToldIncidents(long Newest, IReadOnlyList<long> Open)
{
    public static ToldIncidents Read(string? text) => text is null ? new ToldIncidents(0, []) : JsonSerializer.Deserialize<ToldIncidents>(text)!;

    public string Write() => JsonSerializer.Serialize(this);

    /// <summary>What there is to tell. A channel that is new hears of what is open now, not of what was over before it came; what began and ended in between is told as both.</summary>
    public (IReadOnlyList<Incident> Opened, IReadOnlyList<Incident> Recovered, ToldIncidents Next) Compare(IReadOnlyList<Incident> incidents)
    {
        var opened = incidents.Where(i => i.Id > Newest && (Newest > 0 || i.RecoveredAt is null)).OrderBy(i => i.Id).ToList();
        var recovered = incidents.Where(i => i.RecoveredAt is not null && (Open.Contains(i.Id) || (Newest > 0 && i.Id > Newest))).OrderBy(i => i.Id).ToList();
        var open = opened.Select(i => i.Id).Concat(Open).Except(recovered.Select(i => i.Id)).Order().ToList();
        return (opened, recovered, new ToldIncidents(Math.Max(Newest, incidents.Count == 0 ? 0 : incidents.Max(i => i.Id)), open));
    }
}
