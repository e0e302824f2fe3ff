using System.Globalization;
using System.Text;
using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Runtime;
using WorkflowEngine.Storage;

namespace WorkflowEngine.Benchmarks.Growth;

/// <summary>A history of runs as the engine writes one: a row for each run, two effects, a key memory, and the explanation in blocks of 200 runs.</summary>
internal static class History
{
    public const string Realm = "salesforce:00D5g0000010001EAA";
    public const string Workspace = "default";
    private const int Group = 200;

    /// <summary>The deployments whose runs they are.</summary>
    public static IReadOnlyList<DeploymentRef> Deployments { get; } = [.. Enumerable.Range(1, 4).Select(i => new DeploymentRef(Workspace, new Guid(i, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1])))];

    /// <summary>The record of a run by its number.</summary>
    public static string Record(int number) => string.Create(CultureInfo.InvariantCulture, $"0015g{number:0000000000000}");

    /// <summary>The id of a run by its number: a minute of history holds 100 runs.</summary>
    public static string RunId(int number, DateTimeOffset begin) => At(number, begin).ToUnixTimeMilliseconds().ToString("x12", CultureInfo.InvariantCulture) + number.ToString("x20", CultureInfo.InvariantCulture);

    /// <summary>Adds the runs from one number up to another.</summary>
    public static async Task FillAsync(EngineStores stores, int from, int to, DateTimeOffset begin)
    {
        for (var first = from; first < to; first += Group)
        {
            var count = Math.Min(Group, to - first);
            var sets = new List<ChangeSet>(count + 1);
            var text = new MemoryStream();
            var entries = new List<JournalEntry>(count);
            for (var number = first; number < first + count; number++)
            {
                var (id, at, record) = (RunId(number, begin), At(number, begin), Record(number));
                var deployment = Deployments[number % Deployments.Count];
                sets.Add(new ChangeSet(
                [
                    new AddRun(new RunRow
                    {
                        Id = id, Deployment = deployment, FlowHash = "c8d666b6ac7d0ef345d2ba2ee1dcb7ad", EventId = number + 1, Trigger = "on", Key = "customer-" + number.ToString(CultureInfo.InvariantCulture),
                        RecordId = number.ToString(CultureInfo.InvariantCulture), Outcome = number % 100 == 7 ? RunOutcome.Failed : RunOutcome.Succeeded, AcceptedAt = at, StartedAt = at, EndedAt = at.AddMilliseconds(300), Attempts = 1, Effects = 2, Priority = CallPriority.Live,
                    }),
                    new AddEffects(
                    [
                        new EffectRow { Workspace = Workspace, Realm = Realm, Entity = "Account", RecordId = record, RunId = id, Step = "account", Verb = "updated", Fields = ["Name", "Phone", "BillingCity"], At = at },
                        new EffectRow { Workspace = Workspace, Realm = Realm, Entity = "Contact", RecordId = "003" + record[3..], RunId = id, Step = "contact", Verb = "created", Fields = ["LastName", "Email"], At = at },
                    ]),
                    new SaveKeyState(new EventKey(deployment, "customer-" + number.ToString(CultureInfo.InvariantCulture)), new KeyState { Memory = Enumerable.Range(0, 10).ToDictionary(i => $"customer/{number}/field{i}", _ => "0123456789ab") }),
                ]));
                var told = Encoding.UTF8.GetBytes(Explanation(number, record));
                entries.Add(new JournalEntry(id, (int)text.Length, told.Length));
                text.Write(told);
            }

            sets.Add(new ChangeSet([new AppendJournal(Workspace, At(first, begin), text.ToArray(), entries)]));
            await stores.Writer.CommitAsync(sets, default);
        }
    }

    private static DateTimeOffset At(int number, DateTimeOffset begin) => begin.AddMilliseconds(number * 600L);

    private static string Explanation(int number, string record) => JsonSerializer.Serialize(new
    {
        trigger = "on", input = new { id = number },
        steps = new object[]
        {
            new { step = "lines", at = "flow.yaml:146:5", entity = "customerContact", rows = 3, ids = new[] { number * 3, (number * 3) + 1, (number * 3) + 2 } },
            new { step = "account", at = "flow.yaml:207:5", entity = "Account", did = "updated", id = record, fields = new { Name = new object[] { $"Customer {number}", 228 }, Phone = new object[] { $"+1208555{number % 10000:0000}", 229 }, BillingCity = new object[] { "Boise", 231 } } },
            new { step = "contact", at = "flow.yaml:258:9", entity = "Contact", did = "created", id = "003" + record[3..], fields = new { LastName = new object[] { $"Name{number}", 279 }, Email = new object[] { $"c{number}@example.com", 280 } } },
        },
    });
}
