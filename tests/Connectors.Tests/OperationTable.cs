using System.Text.Json;

namespace WorkflowEngine.Connectors.Tests;

/// <summary>What a connector's catalogue files say of what works, as rows of the table in connectors/README.md.</summary>
internal sealed class OperationTable
{
    private readonly JsonElement _head;
    private readonly IReadOnlyList<JsonElement> _entities;

    public OperationTable(string connector)
    {
        Connector = connector;
        var folder = Path.Combine(Repository, "connectors", connector, "Catalog");
        _head = Read(Path.Combine(folder, "connector.json"));
        _entities = [.. Directory.EnumerateFiles(folder, "*.json").Where(f => Path.GetFileName(f) != "connector.json").Order(StringComparer.Ordinal).Select(Read)];
        Rows = [.. Entities().Concat(Connection())];
    }

    public static string Repository { get; } = Find();

    public static string Readme => Path.Combine(Repository, "connectors", "README.md");

    public string Connector { get; }

    /// <summary>What, supported, simulated, tested, source and certainty.</summary>
    public IReadOnlyList<string[]> Rows { get; }

    public string Text => string.Join('\n', Rows.Select(Line).Prepend("|---|---|---|---|---|").Prepend(Line(["Entity or operation", "Supported", "Simulated", "Tested", "Source, certainty"]))) + "\n";

    private string Begin => $"<!-- This table is written from {Connector}/Catalog by .ci/write -->\n";

    /// <summary>The table as it stands in the README.</summary>
    public string Written()
    {
        var (text, from, to) = Place();
        return text[from..to];
    }

    public void Write()
    {
        var (text, from, to) = Place();
        File.WriteAllText(Readme, text[..from] + Text + text[to..]);
    }

    /// <summary>The verbs an entity's lines speak of.</summary>
    public static IEnumerable<string> Verbs(JsonElement entity) =>
        Works(entity).SelectMany(w => w.GetProperty("what").GetString()!.Split(", ")).Where(v => v is "read" or "create" or "update" or "delete");

    public static JsonElement Read(string file) => JsonDocument.Parse(File.ReadAllBytes(file)).RootElement;

    private (string Text, int From, int To) Place()
    {
        var text = File.ReadAllText(Readme);
        var from = text.IndexOf(Begin, StringComparison.Ordinal);
        Assert.True(from >= 0, $"connectors/README.md has no place for the table of {Connector}.");
        from += Begin.Length;
        return (text, from, text.IndexOf("<!-- end of the table -->", from, StringComparison.Ordinal));
    }

    private IEnumerable<string[]> Entities()
    {
        foreach (var entity in _entities)
        {
            var name = entity.GetProperty("name").GetString()!;
            foreach (var works in Works(entity)) yield return Row($"{name} {works.GetProperty("what").GetString()}", works);
            if (!entity.TryGetProperty("operations", out var operations)) continue;
            foreach (var operation in operations.EnumerateArray())
            {
                var told = operation.TryGetProperty("works", out var works) ? works : default;
                var usual = operation.TryGetProperty("repeatable", out var repeatable) && repeatable.GetBoolean() ? "yes; twice is as once" : "yes; needs `once`";
                yield return Row(operation.GetProperty("name").GetString()!, told, usual);
            }
        }
    }

    private IEnumerable<string[]> Connection()
    {
        foreach (var works in Works(_head))
        {
            var what = works.GetProperty("what").GetString()!;
            var feeds = what switch
            {
                "feeds" => Feeds(polled: false),
                "polled lists" => Feeds(polled: true),
                _ => [],
            };
            yield return Row(feeds.Count == 0 ? what : $"{what}: {string.Join(", ", feeds)}", works);
        }
    }

    private List<string> Feeds(bool polled) =>
    [
        .. _entities.Where(e => e.GetProperty("wire").TryGetProperty("feeds", out _)).SelectMany(e => e.GetProperty("wire").GetProperty("feeds").EnumerateObject())
            .Where(f => polled == (f.Value.TryGetProperty("poll", out var poll) && poll.GetBoolean())).Select(f => f.Name).Distinct(),
    ];

    private static IEnumerable<JsonElement> Works(JsonElement json) => json.TryGetProperty("works", out var works) ? works.EnumerateArray() : [];

    private static string[] Row(string what, JsonElement works, string supported = "yes")
    {
        var (said, simulated) = (Said("supported", supported), Said("simulated", "yes"));
        if (works.ValueKind == JsonValueKind.Object && works.TryGetProperty("newer", out var newer)) said += $"; by newer documents only: {string.Join(", ", newer.EnumerateArray().Select(n => $"`{n.GetString()}`"))}";
        return [what, said, simulated, Said("tested", said == "no" && simulated == "no" ? "" : "yes"), Said("source", "")];

        string Said(string property, string otherwise) => works.ValueKind == JsonValueKind.Object && works.TryGetProperty(property, out var value) ? value.GetString()! : otherwise;
    }

    private static string Line(string[] cells) => $"| {string.Join(" | ", cells)} |".Replace("|  |", "| |", StringComparison.Ordinal);

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "WorkflowEngine.sln"))) folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests run inside the repository.");
        return folder.FullName;
    }
}
