using System.Diagnostics.CodeAnalysis;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>
/// A mapping that only names members (<c>input.id</c>) or holds plain literals: read without the JavaScript engine, with the same result. What is not as plain at run
/// time (an absent parent, a list, a number that JavaScript would write otherwise) is left to the engine.
/// </summary>
internal sealed class PlainPaths
{
    private const long LargestInteger = 9_007_199_254_740_992;

    private readonly Line[] _lines;

    private PlainPaths(Line[] lines) => _lines = lines;

    /// <summary>Null when an expression does more than that.</summary>
    public static PlainPaths? Of(PlanMapping mapping)
    {
        var lines = new Line[mapping.Sources.Count];
        for (var i = 0; i < lines.Length; i++)
        {
            if (LineOf(mapping, mapping.Sources[i]) is not { } line) return null;
            lines[i] = line;
        }

        return new PlainPaths(lines);
    }

    /// <summary>False: the engine must say.</summary>
    public bool TryRead(object?[] slots, [NotNullWhen(true)] out object?[]? values)
    {
        values = null;
        var read = new object?[_lines.Length];
        for (var i = 0; i < read.Length; i++)
        {
            var line = _lines[i];
            var value = line.Slot < 0 ? line.Literal : slots[line.Slot];
            foreach (var name in line.Members)
            {
                if (value is not IReadOnlyDictionary<string, object?> record) return false;
                value = record.GetValueOrDefault(name);
            }

            if (value is double || value is long and (< -LargestInteger or > LargestInteger)) return false;
            read[i] = value;
        }

        values = read;
        return true;
    }

    private static Line? LineOf(PlanMapping mapping, string source)
    {
        switch (source)
        {
            case "null": return new Line(-1, [], null);
            case "true": return new Line(-1, [], true);
            case "false": return new Line(-1, [], false);
        }

        if (source.Length >= 2 && source[0] == '"' && source[^1] == '"')
        {
            var text = source[1..^1];
            return text.AsSpan().ContainsAny('"', '\\') ? null : new Line(-1, [], text);
        }

        var parts = source.Split('.');
        foreach (var part in parts)
        {
            if (part.Length == 0 || !(char.IsAsciiLetter(part[0]) || part[0] == '_') || !part.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')) return null;
        }

        if (parts[0] == mapping.SelfName) return null;
        for (var i = 0; i < mapping.Names.Count; i++)
        {
            if (mapping.Names[i] == parts[0]) return new Line(mapping.Slots[i], parts[1..], null);
        }

        return null;
    }

    private sealed record Line(int Slot, string[] Members, object? Literal);
}
