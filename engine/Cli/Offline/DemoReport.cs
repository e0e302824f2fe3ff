using System.Globalization;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Cli;

/// <summary>What the demo did, as a table or as JSON.</summary>
internal sealed record DemoReport
{
    public required long Events { get; init; }

    public required IReadOnlyDictionary<string, long> Runs { get; init; }

    public required int AccountsCreated { get; init; }

    public required long AccountsUpdated { get; init; }

    public required int ContactsCreated { get; init; }

    public required long ContactsUpdated { get; init; }

    /// <summary>Runs that ended well without a write of their own.</summary>
    public required long Unchanged { get; init; }

    public required int Duplicates { get; init; }

    public required long DeadLetters { get; init; }

    public required double CallsPer1000Events { get; init; }

    public required double EventsPerSecond { get; init; }

    public required double MeanLatencyMs { get; init; }

    /// <summary>Seconds from the start of the command to the first settled run.</summary>
    public required double FirstRecordSeconds { get; init; }

    public static async Task<DemoReport> OfAsync(
        FlowHost host, string deployment, DemoCounts created, long calls, int duplicates, TimeSpan work, TimeSpan? first, CancellationToken cancellationToken)
    {
        var id = host.Names.Find(deployment);
        var outcomes = await host.View.Runs.CountAsync(host.Names.Workspace, id, cancellationToken).ConfigureAwait(false);
        var letters = await host.View.DeadLetters.ListAsync(new DeadLetterFilter { Workspace = host.Names.Workspace, Limit = 200 }, cancellationToken).ConfigureAwait(false);
        long accountsUpdated = 0, contactsUpdated = 0, unchanged = 0;
        string? before = null;
        while (true)
        {
            var page = await host.View.Runs.ListAsync(new RunFilter { Workspace = host.Names.Workspace, Deployment = id, Before = before, Limit = 200 }, cancellationToken).ConfigureAwait(false);
            foreach (var run in page)
            {
                if (run.Effects == 0 && run.Outcome is RunOutcome.Succeeded or RunOutcome.Stopped or RunOutcome.Unchanged) unchanged++;
                if (run.Effects == 0) continue;
                foreach (var effect in await host.View.Runs.EffectsOfRunAsync(host.Names.Workspace, run.Id, cancellationToken).ConfigureAwait(false))
                {
                    if (effect.Verb != "updated") continue;
                    if (effect.Entity == "Account") accountsUpdated++;
                    else if (effect.Entity == "Contact") contactsUpdated++;
                }
            }

            if (page.Count < 200) break;
            before = page[^1].Id;
        }

        var counters = host.Runtime.Counters;
        return new DemoReport
        {
            Events = counters.Accepted,
            Runs = outcomes.OrderBy(o => o.Key).ToDictionary(o => o.Key.ToString().ToLowerInvariant(), o => o.Value),
            AccountsCreated = created.Accounts,
            AccountsUpdated = accountsUpdated,
            ContactsCreated = created.Contacts,
            ContactsUpdated = contactsUpdated,
            Unchanged = unchanged,
            Duplicates = duplicates,
            DeadLetters = letters.Count,
            CallsPer1000Events = Math.Round(calls * 1000.0 / Math.Max(1, counters.Accepted), 1),
            EventsPerSecond = Math.Round(counters.Settled / Math.Max(0.001, work.TotalSeconds), 1),
            MeanLatencyMs = Math.Round(counters.MeanLatency.TotalMilliseconds, 1),
            FirstRecordSeconds = Math.Round((first ?? TimeSpan.Zero).TotalSeconds, 2),
        };
    }

    public void Show(Terminal terminal)
    {
        var rows = new List<IReadOnlyList<string>> { Row("events accepted", Events) };
        rows.AddRange(Runs.Select(r => Row($"runs {r.Key}", r.Value)));
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
    }

    private static IReadOnlyList<string> Row(string name, object value) => [name, Convert.ToString(value, CultureInfo.InvariantCulture)!];
}
