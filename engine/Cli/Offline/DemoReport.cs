using System.Globalization;
using WorkflowEngine.Simulators.Seeds.Reconciling;

namespace WorkflowEngine.Cli;

/// <summary>What the demo did, as tables or as JSON.</summary>
internal sealed record DemoReport
{
    /// <summary>Of all flows.</summary>
    public required long Events { get; init; }

    /// <summary>Of the customers' flow, as the other figures down to the duplicates.</summary>
    public required IReadOnlyDictionary<string, long> Runs { get; init; }

    public required long AccountsCreated { get; init; }

    public required long AccountsUpdated { get; init; }

    public required long ContactsCreated { get; init; }

    public required long ContactsUpdated { get; init; }

    /// <summary>Runs that ended well without a write of their own.</summary>
    public required long Unchanged { get; init; }

    public required int Duplicates { get; init; }

    public required long DeadLetters { get; init; }

    /// <summary>Of all flows.</summary>
    public required double CallsPer1000Events { get; init; }

    /// <summary>While the customers arrived and changed.</summary>
    public required double EventsPerSecond { get; init; }

    /// <summary>While the customers arrived: afterwards the demo's time is moved on.</summary>
    public required double MeanLatencyMs { get; init; }

    /// <summary>Seconds from the start of the command to the first settled run.</summary>
    public required double FirstRecordSeconds { get; init; }

    public required IReadOnlyList<DemoFlow> Flows { get; init; }

    public required IReadOnlyList<Reconciled> Reconciliation { get; init; }

    public bool Holds => DeadLetters == 0 && Duplicates == 0 && Reconciliation.All(r => r.Differences.Count == 0);

    public void Show(Terminal terminal)
    {
        var rows = new List<IReadOnlyList<string>> { Row("events accepted", Flows.First(f => f.Flow == "customer-to-salesforce").Events) };
        rows.AddRange(Runs.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => Row($"runs {r.Key}", r.Value)));
        rows.Add(Row("Accounts created / updated", $"{AccountsCreated} / {AccountsUpdated}"));
        rows.Add(Row("Contacts created / updated", $"{ContactsCreated} / {ContactsUpdated}"));
        rows.Add(Row("runs that found all unchanged", Unchanged));
        rows.Add(Row("duplicates", Duplicates));
        rows.Add(Row("dead letters", DeadLetters));
        rows.Add(Row("API calls per 1,000 events", CallsPer1000Events));
        rows.Add(Row("events per second", EventsPerSecond));
        rows.Add(Row("mean latency from acceptance, ms", MeanLatencyMs));
        rows.Add(Row("first record after, s", FirstRecordSeconds));
        terminal.Table(["customer-to-salesforce", ""], rows);
        terminal.Line();
        foreach (var flow in Flows.Where(f => f.Flow != "customer-to-salesforce"))
        {
            terminal.Table([flow.Flow, ""],
            [
                Row("events", flow.Events),
                .. flow.Runs.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => Row($"runs {r.Key}", r.Value)),
                .. flow.Created.Keys.Union(flow.Updated.Keys).Order(StringComparer.Ordinal).Select(e => Row($"{e} created / updated", $"{flow.Created.GetValueOrDefault(e)} / {flow.Updated.GetValueOrDefault(e)}")),
                Row("runs that found all unchanged", flow.Unchanged),
            ]);
            terminal.Line();
        }

        terminal.Table(["reconciliation", "must hold", "checked", "differences"], Reconciliation.Select(r => (IReadOnlyList<string>)
            [r.Flow, r.What, r.Checked.ToString(CultureInfo.InvariantCulture), r.Differences.Count.ToString(CultureInfo.InvariantCulture)]));
        foreach (var bad in Reconciliation.Where(r => r.Differences.Count > 0))
        {
            terminal.Problem($"{bad.Flow}: {bad.What}: {bad.Differences.Count} differences");
            foreach (var line in bad.Differences.Take(10)) terminal.Problem("  " + line);
        }
    }

    private static IReadOnlyList<string> Row(string name, object value) => [name, Convert.ToString(value, CultureInfo.InvariantCulture)!];
}
