using System.Globalization;
using System.Text.RegularExpressions;
using WorkflowEngine.Simulators.Http;
using WorkflowEngine.Simulators.Salesforce.Schema;
using WorkflowEngine.Simulators.Salesforce.Soql;

namespace WorkflowEngine.Simulators.Salesforce.Endpoints;

/// <summary><c>/search</c> (SOSL) and <c>/parameterizedSearch</c>: words in indexed texts. A record is found when every word begins one of its words; <c>*</c> ends a word anywhere.</summary>
internal sealed partial class SearchEndpoints(OrgState state, TimeProvider clock)
{
    private const int MostRows = 2_000;

    public Answer Sosl(SimulatorRequest request, string version)
    {
        request.Kind = "search";
        var match = Find().Match(request.Value("q") ?? "");
        if (!match.Success)
        {
            throw SalesforceErrors.Refuse(400, "MALFORMED_SEARCH", "Expected FIND {words} [IN … FIELDS] RETURNING Object(Field, …).");
        }

        var words = Unescaped().Replace(match.Groups["words"].Value, "$1");
        List<(OrgRecord, IReadOnlyList<FieldPath>)> found = [];
        foreach (Match part in Returning().Matches(match.Groups["returning"].Value))
        {
            var definition = state.Schema.Find(part.Groups["type"].Value) ?? throw SalesforceErrors.Refuse(400, "INVALID_TYPE", $"sObject type '{part.Groups["type"].Value}' is not supported.");
            // What stands in the parentheses is a query's select list with its conditions.
            var inside = Inside().Match(part.Groups["inside"].Value);
            var query = SoqlParser.Parse($"SELECT {(inside.Groups["fields"].Value is { Length: > 0 } f ? f : "Id")} FROM {definition.Name} {inside.Groups["rest"].Value}", state.Schema, clock.GetUtcNow());
            found.AddRange(Rows(definition, words, match.Groups["scope"].Value, query).Select(r => (r, query.Select)));
        }

        return Answers(request, version, [.. found.Take(MostRows)]);
    }

    public Answer Parameterized(SimulatorRequest request, string version)
    {
        request.Kind = "search.parameterized";
        if (request.Value("q") is not { } words || request.Value("sobject") is not { } type || state.Schema.Find(type) is not { } definition)
        {
            throw SalesforceErrors.Refuse(400, "INVALID_SEARCH", "q and sobject are needed.");
        }

        var fields = request.Value($"{type}.fields") ?? request.Value("fields") ?? "Id";
        var limit = int.TryParse(request.Value($"{type}.limit") ?? request.Value("overallLimit"), NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? most : MostRows;
        var query = SoqlParser.Parse($"SELECT {fields} FROM {definition.Name} LIMIT {Math.Min(limit, MostRows)}", state.Schema, clock.GetUtcNow());
        return Answers(request, version, [.. Rows(definition, words, request.Value("in") ?? "ALL", query).Select(r => (r, query.Select))]);
    }

    private List<OrgRecord> Rows(ObjectDefinition definition, string words, string scope, SoqlQuery query)
    {
        string[] asked = [.. words.Split([' ', ',', '"'], StringSplitOptions.RemoveEmptyEntries)];
        var fields = definition.Fields.Where(f => f.IsText && scope.ToUpperInvariant() switch
        {
            "EMAIL" => f.Type == "email",
            "PHONE" => f.Type == "phone",
            "NAME" => f.NameField || f.Name is "FirstName" or "LastName",
            _ => true,
        }).ToList();
        var matching = asked.Length == 0 ? [] : state.All(definition).Where(r => asked.All(w => fields.Any(f => r[f] is string text && Begins(text, w))));
        return new SoqlRunner(state, clock.GetUtcNow(), withDeleted: false).Run(query, matching);
    }

    private static bool Begins(string text, string word)
    {
        var stem = word.TrimEnd('*');
        return text.Equals(stem, StringComparison.OrdinalIgnoreCase)
            || text.Split([' ', '@', '.', '-', '(', ')', '+', '/'], StringSplitOptions.RemoveEmptyEntries).Any(w => word.EndsWith('*') ? w.StartsWith(stem, StringComparison.OrdinalIgnoreCase) : w.Equals(stem, StringComparison.OrdinalIgnoreCase));
    }

    private Answer Answers(SimulatorRequest request, string version, List<(OrgRecord Record, IReadOnlyList<FieldPath> Fields)> rows)
    {
        request.Rows = rows.Count;
        var json = new RecordJson(version, new SoqlRunner(state, clock.GetUtcNow(), withDeleted: false));
        return Answer.Json(200, w =>
        {
            w.WriteStartObject();
            w.WriteStartArray("searchRecords");
            rows.ForEach(r => json.Record(w, r.Record, r.Fields, []));
            w.WriteEndArray();
            w.WriteEndObject();
        });
    }

    [GeneratedRegex(@"^\s*FIND\s*\{(?<words>(?:\\.|[^\\}])*)\}\s*(?:IN\s+(?<scope>ALL|NAME|EMAIL|PHONE|SIDEBAR)\s+FIELDS\s*)?RETURNING\s+(?<returning>.+)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline, 1_000)]
    private static partial Regex Find();

    [GeneratedRegex(@"(?<type>[A-Za-z_][A-Za-z0-9_]*)\s*(?:\((?<inside>[^)]*)\))?", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Returning();

    [GeneratedRegex(@"^(?<fields>.*?)(?<rest>\s(?:WHERE|ORDER\s+BY|LIMIT)\s.*)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline, 1_000)]
    private static partial Regex Inside();

    [GeneratedRegex(@"\\(.)", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Unescaped();
}
