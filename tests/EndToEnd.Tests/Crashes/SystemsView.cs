using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace WorkflowEngine.EndToEnd.Tests.Crashes;

/// <summary>
/// What stands in both systems, without the ids and numbers that vendors give and without moments: equal views are equal ends. A record is named by what it says; where it names another one, that one's name
/// stands there, so that what hangs on what is compared too.
/// </summary>
internal sealed partial class SystemsView
{
    private const int Rounds = 4;
    private static readonly string[] Skipped = ["LastModifiedById", "CreatedById", "etag", "CaseNumber"];

    private readonly Dictionary<string, (string Kind, string Text)> _records = [];
    private readonly Dictionary<string, string> _names = [];

    private SystemsView()
    {
    }

    public IReadOnlyList<string> Lines { get; private set; } = [];

    /// <summary>Asks both systems.</summary>
    /// <param name="company">Where.</param>
    /// <param name="from">The day from which days are counted.</param>
    public static async Task<SystemsView> OfAsync(Company company, DateOnly from)
    {
        var view = new SystemsView();
        using var client = new HttpClient();
        foreach (var address in new[] { company.ServiceTitanAddress, company.SalesforceAddress })
        {
            foreach (var (kind, rows) in JsonNode.Parse(await client.GetStringAsync(new Uri(address, "_records")))!.AsObject())
            {
                foreach (var row in (rows as JsonArray ?? []).OfType<JsonObject>())
                {
                    var id = (row["Id"] ?? row["id"])?.ToString() ?? $"{kind}{view._records.Count}";
                    foreach (var name in Skipped) row.Remove(name);
                    view._records[id] = (kind, Moment().Replace(Day().Replace(row.ToJsonString(), d => DayName(d.Value, from)), "moment"));
                }
            }
        }

        view.Name();
        return view;
    }

    /// <summary>The name of a record; "gone" when it does not stand there any more.</summary>
    public string NameOf(string id) => _records.TryGetValue(id, out var record) ? $"{record.Kind} {_names[id]}" : "gone";

    private void Name()
    {
        foreach (var id in _records.Keys) _names[id] = "";
        for (var round = 0; round < Rounds; round++)
        {
            var next = _records.ToDictionary(r => r.Key, r => Short(Told(r.Key)));
            foreach (var (id, name) in next) _names[id] = name;
        }

        Lines = [.. _records.Select(r => $"{r.Value.Kind} {Told(r.Key)}").Order(StringComparer.Ordinal)];
    }

    /// <summary>The record's text with every id in it, its own too, as a name.</summary>
    private string Told(string id) => Token().Replace(_records[id].Text, t => t.Value == id ? "self" : _names.TryGetValue(t.Value, out var name) ? $"<{name}>" : t.Value);

    private static string Short(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)), 0, 6);

    private static string DayName(string day, DateOnly from) =>
        DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? string.Create(CultureInfo.InvariantCulture, $"day{date.DayNumber - from.DayNumber}") : day;

    [GeneratedRegex(@"\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:?\d{2})?|day-?\d+T[\d:.]+(Z|[+-]\d{2}:?\d{2})?")]
    private static partial Regex Moment();

    [GeneratedRegex(@"\d{4}-\d{2}-\d{2}")]
    private static partial Regex Day();

    [GeneratedRegex("[A-Za-z0-9]{6,}")]
    private static partial Regex Token();
}
