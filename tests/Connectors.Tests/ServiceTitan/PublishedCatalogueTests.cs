using System.Text.Json;
using System.Text.RegularExpressions;

namespace WorkflowEngine.Connectors.Tests.ServiceTitan;

/// <summary>Whatever the catalogue says can be asked or done, ServiceTitan's documents publish: its path, its verb, its parameters, its members. Nothing has to be added here for an operation more.</summary>
public sealed partial class PublishedCatalogueTests
{
    private static string Folder => Path.Combine(OperationTable.Repository, "connectors", "ServiceTitan", "Catalog");

    public static TheoryData<string> Entities => [.. Directory.EnumerateFiles(Folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Where(n => n != "connector").Order()];

    [Theory]
    [MemberData(nameof(Entities))]
    public void What_an_entity_can_do_is_published(string name)
    {
        Assert.SkipUnless(PublishedRequests.Folder is not null, "SERVICETITAN_SPECS does not name the folder of ServiceTitan's OpenAPI documents.");
        var entity = OperationTable.Read(Path.Combine(Folder, name + ".json"));
        var wire = entity.GetProperty("wire");
        var path = Text(wire, "path") ?? "";
        var problems = new List<string>();
        if (Flag(entity, "queryable", otherwise: true) && Text(wire, "within") is null) Reads(wire, path, problems);
        if (Flag(entity, "creatable")) Takes(problems, "post", At(wire, "create") ?? path, Members(entity, "create"));
        if (Flag(entity, "updatable")) Takes(problems, "patch", At(wire, "update") ?? path + "/{id}", Members(entity, "update").Where(m => m != "customFields" || Text(wire, "namedFields") is null));
        if (Flag(entity, "deletable")) Takes(problems, "delete", path + "/{id}", []);
        foreach (var feed in Properties(wire, "feeds").Select(f => Text(f.Value, "path")).OfType<string>()) Takes(problems, "get", feed, ["from", "includeRecentChanges"]);
        foreach (var operation in List(entity, "operations"))
        {
            var call = operation.GetProperty("wire");
            var names = Properties(call, "names").ToDictionary(n => n.Name, n => n.Value.GetString()!);
            var given = List(operation, "input").Select(i => Text(i, "name")!).Where(i => !Text(call, "path")!.Contains($"{{{i}}}", StringComparison.Ordinal)).Select(i => names.GetValueOrDefault(i, i));
            var verb = (Text(call, "verb") ?? "PUT").ToLowerInvariant();
            Takes(problems, verb, Text(call, "path")!, Flag(call, "empty") || verb == "delete" ? [] : given);
        }

        // What only newer documents than ours have is told in the table.
        var newer = List(entity, "works").SelectMany(w => List(w, "newer")).Select(n => n.GetString()!);
        Assert.Equal(newer.Order(), problems.Select(p => newer.FirstOrDefault(n => p.EndsWith(" takes no " + n, StringComparison.Ordinal)) ?? p).Distinct().Order());
    }

    private static void Reads(JsonElement wire, string path, List<string> problems)
    {
        var filters = Properties(wire, "filters").SelectMany(f => ((string[])["eq", "many", "gt", "gte", "lt", "lte"]).Select(p => Text(f.Value, p))).Append(Text(wire, "ids")).Append(Text(wire, "active")).OfType<string>();
        Takes(problems, "get", path, filters);
        if (Flag(wire, "get")) Takes(problems, "get", path + "/{id}", Flag(wire, "getExternal") ? ["externalDataApplicationGuid"] : []);
    }

    private static IEnumerable<string> Members(JsonElement entity, string right) =>
        from field in List(entity, "fields")
        where field.TryGetProperty(right, out var given) && given.ValueKind != JsonValueKind.False
        select field.TryGetProperty("wire", out var wire) ? wire.ValueKind == JsonValueKind.String ? wire.GetString()! : Text(wire, "name")! : Text(field, "name")!;

    /// <summary>The verb is published at this path and takes these parameters or members; what the path itself names is no member.</summary>
    private static void Takes(List<string> problems, string verb, string path, IEnumerable<string> members)
    {
        var segments = path.Split('/');
        var document = PublishedRequests.Document(segments[0]);
        Assert.True(document is not null, $"There is no document of {segments[0]}.");
        var asked = Hole().Replace("/" + string.Join('/', segments[2..]), "1");
        if (!document.Publishes(verb, asked)) problems.Add($"{verb} {path} is not published");
        else problems.AddRange(members.Where(m => !path.Contains($"{{{m}}}", StringComparison.Ordinal) && !document.Takes(verb, asked, m)).Select(m => $"{verb} {path} takes no {m}"));
    }

    private static string? At(JsonElement wire, string write) => wire.TryGetProperty(write, out var own) ? Text(own, "path") : null;

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool Flag(JsonElement json, string name, bool otherwise = false) => json.TryGetProperty(name, out var value) ? value.ValueKind == JsonValueKind.True : otherwise;

    private static IEnumerable<JsonElement> List(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.EnumerateArray() : [];

    private static IEnumerable<JsonProperty> Properties(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.EnumerateObject() : [];

    [GeneratedRegex(@"\{\w+\}", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Hole();
}
