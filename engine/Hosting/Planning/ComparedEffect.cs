using System.Text.Json;

namespace WorkflowEngine.Hosting;

/// <summary>A write as plans and journals both tell it.</summary>
/// <param name="Verb">create, update, delete, merge or call.</param>
/// <param name="Entity">The entity, or the operation of a call.</param>
/// <param name="Fields">The fields set, as texts; what was set to nothing is left out. Null = known after apply.</param>
public sealed record ComparedEffect(string Verb, string Entity, IReadOnlyDictionary<string, string?> Fields)
{
    /// <summary>Longer texts are cut by the journal.</summary>
    private const int MostText = 200;

    /// <summary>A write as a plan told it.</summary>
    public static ComparedEffect Predicted(string verb, string entity, IEnumerable<(string Name, JsonElement After, bool Later)> fields) =>
        new(verb, entity, Sorted(fields.Where(f => f.After.ValueKind != JsonValueKind.Null).Select(f => (f.Name, f.Later ? null : Text(f.After)))));

    /// <summary>A write as the journal tells it; null when the step wrote nothing.</summary>
    public static ComparedEffect? Actual(JsonElement step)
    {
        var verb = Word(step, "did") switch { "created" => "create", "updated" => "update", "deleted" => "delete", "merged" => "merge", "called" => "call", _ => null };
        if (verb is null) return null;
        var fields = step.TryGetProperty("fields", out var told) ? told.EnumerateObject().Select(f => (f.Name, Value: f.Value.ValueKind == JsonValueKind.Array ? f.Value[0] : f.Value)).Where(f => f.Value.ValueKind != JsonValueKind.Null).Select(f => (f.Name, (string?)Text(f.Value))).ToList() : [];
        // The field a new record was claimed by is told apart from the others.
        if (verb == "create" && Word(step, "key")?.Split('=', 2) is [var name, var value] && fields.All(f => f.Name != name)) fields.Add((name, value));
        return new ComparedEffect(verb, Word(step, verb == "call" ? "operation" : "entity") ?? "", Sorted(fields));
    }

    /// <summary>Whether what was predicted is what was done.</summary>
    public bool Foretold(ComparedEffect actual) =>
        Verb == actual.Verb && Entity == actual.Entity
        // What a call is given is not in the journal.
        && (Verb == "call" || (Fields.Count == actual.Fields.Count && Fields.All(f => actual.Fields.TryGetValue(f.Key, out var done) && (f.Value is null || f.Value == done))));

    private static SortedDictionary<string, string?> Sorted(IEnumerable<(string Name, string? Value)> fields)
    {
        var result = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (name, value) in fields) result[name] = value;
        return result;
    }

    private static string Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => $"{value.GetArrayLength()} items",
        JsonValueKind.Object => "an object",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.String when value.GetString() is { Length: > MostText } text && !(text.Length == MostText + 1 && text[^1] == '…') => text[..MostText] + "…",
        _ => value.ToString(),
    };

    private static string? Word(JsonElement step, string name) => step.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
