using System.Text.Json;

namespace WorkflowEngine.Expressions.Library;

/// <summary>
/// Everything an expression can call, read from one description (<c>library.json</c>) that the checker, documentation and completion share.
/// </summary>
public static class ExpressionLibrary
{
    private static readonly Lazy<Content> Loaded = new(Load);

    /// <summary>Functions and constants by full name, as <c>money.add</c>.</summary>
    public static IReadOnlyDictionary<string, LibraryFunction> Functions => Loaded.Value.Functions;

    public static IReadOnlyDictionary<string, LibraryFunction> ListMethods => Loaded.Value.ListMethods;

    public static IReadOnlyDictionary<string, LibraryFunction> TextMethods => Loaded.Value.TextMethods;

    /// <summary>The first words of the library: <c>money</c>, <c>date</c>, …</summary>
    public static IReadOnlySet<string> Namespaces => Loaded.Value.Namespaces;

    /// <summary>Names that no step, parameter or item may take.</summary>
    public static IReadOnlySet<string> ReservedNames => Loaded.Value.Reserved;

    /// <summary>JavaScript names that people try, with what to write instead.</summary>
    internal static IReadOnlyDictionary<string, string> Substitutes => Loaded.Value.Substitutes;

    /// <summary>Every entry, for documentation and completion.</summary>
    public static IEnumerable<LibraryFunction> All => [.. Functions.Values, .. ListMethods.Values, .. TextMethods.Values];

    private static Content Load()
    {
        using var stream = typeof(ExpressionLibrary).Assembly.GetManifestResourceStream("WorkflowEngine.Expressions.Library.library.json")!;
        using var document = JsonDocument.Parse(stream);
        var root = document.RootElement;
        var functions = Entries(root, "functions", LibraryKind.Function);
        var lists = Entries(root, "listMethods", LibraryKind.ListMethod);
        var texts = Entries(root, "textMethods", LibraryKind.TextMethod);
        var substitutes = root.GetProperty("substitutes").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!);
        var namespaces = functions.Keys.Select(k => k.Split('.')[0]).ToHashSet();
        var reserved = root.GetProperty("reserved").EnumerateArray().Select(e => e.GetString()!).Concat(namespaces).ToHashSet();
        return new Content(functions, lists, texts, namespaces, reserved, substitutes);
    }

    private static Dictionary<string, LibraryFunction> Entries(JsonElement root, string group, LibraryKind kind)
    {
        var entries = new Dictionary<string, LibraryFunction>();
        foreach (var json in root.GetProperty(group).EnumerateArray())
        {
            var signature = json.GetProperty("signature").GetString()!;
            var (parameters, result) = SignatureParser.Parse(signature);
            var limits = json.TryGetProperty("limits", out var given)
                ? given.EnumerateObject().ToDictionary(p => p.Name, p => SignatureParser.ParseType(p.Value.GetString()!))
                : [];
            var name = json.GetProperty("name").GetString()!;
            entries.Add(name, new LibraryFunction
            {
                Name = name,
                Kind = signature.StartsWith('(') ? kind : LibraryKind.Constant,
                Signature = signature,
                Docs = json.GetProperty("docs").GetString()!,
                Example = json.GetProperty("example").GetString()!,
                PropagatesNull = json.TryGetProperty("nulls", out var nulls) && nulls.GetString() == "propagate",
                Narrows = json.TryGetProperty("narrows", out var narrows) && narrows.GetBoolean(),
                Parameters = parameters,
                Returns = result.ToString(),
                Result = result,
                ResultWhenNullable = json.TryGetProperty("whenNullable", out var other) ? SignatureParser.ParseType(other.GetString()!) : null,
                Limits = limits,
            });
        }

        return entries;
    }

    private sealed record Content(
        IReadOnlyDictionary<string, LibraryFunction> Functions,
        IReadOnlyDictionary<string, LibraryFunction> ListMethods,
        IReadOnlyDictionary<string, LibraryFunction> TextMethods,
        IReadOnlySet<string> Namespaces,
        IReadOnlySet<string> Reserved,
        IReadOnlyDictionary<string, string> Substitutes);
}
