using System.Text.Json;
using WorkflowEngine.Simulators.Http;
using WorkflowEngine.Simulators.Salesforce.Rows.Objects;
using WorkflowEngine.Simulators.Salesforce.Soql;

namespace WorkflowEngine.Simulators.Salesforce.Rows;

/// <summary>What an administrator has set up beside fields: duplicate rules, validation rules, assignment rules. Conditions are written as SOQL.</summary>
internal sealed class OrgPolicies(OrgState state)
{
    private readonly List<DuplicateRule> _duplicates = [];
    private readonly List<ValidationRule> _validations = [];
    private readonly List<AssignmentRule> _assignments = [];

    public void Clear()
    {
        _duplicates.Clear();
        _validations.Clear();
        _assignments.Clear();
    }

    /// <summary>Adds a rule of this kind; answers what is wrong with its description.</summary>
    public string? Add(string kind, JsonElement given)
    {
        if (Text(given, "object") is not { } name || state.Schema.Find(name) is not { } definition)
        {
            return "A rule names its 'object'.";
        }

        if (Text(given, "when") is { } when && !IsCondition(definition.Name, when))
        {
            return $"'{when}' is no condition on {definition.Name}.";
        }

        switch (kind)
        {
            case "duplicateRules" when given.TryGetProperty("fields", out var list) && list.ValueKind is JsonValueKind.Array && list.GetArrayLength() > 0:
                string[] fields = [.. list.EnumerateArray().Select(f => f.GetString() ?? "")];
                if (fields.FirstOrDefault(f => definition.Find(f) is null) is { } unknown)
                {
                    return $"{definition.Name} has no field {unknown}.";
                }

                _duplicates.Add(new DuplicateRule(Text(given, "name") ?? $"{definition.Name}_Duplicate_Rule", definition.Name, fields, Text(given, "action") == "block"));
                return null;
            case "validationRules" when Text(given, "when") is { } condition && Text(given, "message") is { } message:
                _validations.Add(new ValidationRule(definition.Name, condition, message, Text(given, "field")));
                return null;
            case "assignmentRules" when Text(given, "owner") is { } owner && state.Find(RecordId.Normalize(owner) ?? "") is { } found:
                var active = !given.TryGetProperty("active", out var flag) || flag.ValueKind is not JsonValueKind.False;
                var record = state.Create(state.Schema.Find("AssignmentRule")!, new() { ["Name"] = Text(given, "name") ?? "Standard", ["SobjectType"] = definition.Name, ["Active"] = active }, TimeSpan.Zero);
                _assignments.Add(new AssignmentRule(record.Id, definition.Name, found.Id, active, Text(given, "when")));
                return null;
            default:
                return "Expected a duplicate rule { object, fields, action }, a validation rule { object, when, message } or an assignment rule { object, owner }.";
        }
    }

    /// <summary>The duplicate rule that stops the row; null when none does.</summary>
    public RowError? Duplicate(RowChange row)
    {
        foreach (var rule in _duplicates.Where(r => r.Object == row.Definition.Name && (!row.Context.AllowsDuplicates || r.Blocks)))
        {
            var asked = rule.Fields.Select(f => (Field: row.Definition.Find(f), Value: row.Value(f))).ToList();
            if (asked.Exists(a => a.Field is null || a.Value is null) || !rule.Fields.Any(row.Sets))
            {
                continue;
            }

            var found = state.All(row.Definition).Where(r => r != row.Existing && !r.IsDeleted && asked.All(a => Same(r[a.Field!], a.Value!))).ToList();
            if (found.Count > 0)
            {
                return new RowError("DUPLICATES_DETECTED", "Use one of these records?", []) { Duplicates = new DuplicateMatch(rule.Name, row.Definition.Name, !rule.Blocks, found) };
            }
        }

        return null;
    }

    /// <summary>Gives a new row to whom the assignment rule says, unless the caller has switched it off.</summary>
    public void Assign(RowChange row)
    {
        var said = row.Context.AutoAssign;
        if (said.Equals("FALSE", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        var id = RecordId.Normalize(said);
        var candidate = new OrgRecord(row.Definition, "");
        foreach (var (name, value) in row.Values.Where(v => v.Value is not null))
        {
            candidate.Values[name] = value;
        }

        if (_assignments.Find(r => r.Object == row.Definition.Name && (id is null ? r.Active : r.Id == id) && (r.When is null || Holds(r.Object, r.When, candidate))) is { } rule)
        {
            row.Values["OwnerId"] = rule.Owner;
        }
    }

    /// <summary>The validation rule the record breaks; null when none.</summary>
    public RowError? Violated(OrgRecord record) =>
        _validations.Find(r => r.Object == record.Definition.Name && Holds(r.Object, r.When, record)) is { } rule
            ? new RowError("FIELD_CUSTOM_VALIDATION_EXCEPTION", rule.Message, rule.Field is null ? [] : [rule.Field]) : null;

    private bool Holds(string type, string when, OrgRecord record)
    {
        var query = SoqlParser.Parse($"SELECT Id FROM {type} WHERE {when}", state.Schema, state.Now);
        return new SoqlRunner(state, DateTimeOffset.MaxValue, withDeleted: true).Run(query, [record]).Count > 0;
    }

    private bool IsCondition(string type, string when)
    {
        try
        {
            SoqlParser.Parse($"SELECT Id FROM {type} WHERE {when}", state.Schema, state.Now);
            return true;
        }
        catch (Refusal)
        {
            return false;
        }
    }

    private static bool Same(object? a, object b) => a is string x && b is string y ? x.Equals(y, StringComparison.OrdinalIgnoreCase) : Equals(a, b);

    private static string? Text(JsonElement o, string name) =>
        o.ValueKind is JsonValueKind.Object && o.TryGetProperty(name, out var v) && v.ValueKind is JsonValueKind.String ? v.GetString() : null;

    private sealed record DuplicateRule(string Name, string Object, IReadOnlyList<string> Fields, bool Blocks);

    private sealed record ValidationRule(string Object, string When, string Message, string? Field);

    private sealed record AssignmentRule(string Id, string Object, string Owner, bool Active, string? When);
}
