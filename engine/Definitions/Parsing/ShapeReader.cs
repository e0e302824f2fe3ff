using System.Globalization;
using System.Text.RegularExpressions;

namespace WorkflowEngine.Definitions;

/// <summary>Reads simple shapes from nodes. Each method gives null when the shape is wrong and has then reported it; what was refused before is passed over in silence.</summary>
internal sealed partial class ShapeReader(SourceText source, DiagnosticBag diagnostics)
{
    public SourceText Source { get; } = source;

    public DiagnosticBag Diagnostics { get; } = diagnostics;

    public static bool IsRefused(YamlNode? node) => node is YamlScalar { Kind: YamlScalarKind.Refused };

    public static bool IsExpression(YamlNode? node) => node is YamlScalar { Kind: YamlScalarKind.Text } scalar && scalar.Value.StartsWith('=');

    public static string Describe(YamlNode node) => node switch
    {
        YamlMapping => "a mapping",
        YamlSequence => "a list",
        YamlScalar { Kind: YamlScalarKind.Null } => "null",
        YamlScalar { Kind: YamlScalarKind.Number } scalar => $"the number {scalar.Value}",
        YamlScalar { Kind: YamlScalarKind.True or YamlScalarKind.False } scalar => scalar.Value,
        YamlScalar scalar when IsExpression(scalar) => "an expression",
        YamlScalar scalar => $"the text '{Shorten(scalar.Value)}'",
        _ => "nothing",
    };

    public static string Shorten(string text)
    {
        var end = text.IndexOf('\n');
        var line = end < 0 ? text : text[..end];
        return line.Length > 40 ? line[..37] + "..." : line;
    }

    public void Wrong(YamlNode node, string expected, string example)
    {
        if (!IsRefused(node))
        {
            Diagnostics.Add(ShapeDiagnostics.WrongShape(First(node), expected, Describe(node), example));
        }
    }

    /// <summary>Where to point at a node: a whole mapping or list is marked at its beginning only.</summary>
    public static SourceSpan First(YamlNode node) => node switch
    {
        YamlMapping { Entries: [var entry, ..], IsFlow: false } => entry.Key.Span,
        YamlSequence { IsFlow: false } => new SourceSpan(node.Span.Source, node.Span.Offset, Math.Min(1, node.Span.Length)),
        _ => node.Span,
    };

    public YamlMapping? Mapping(YamlNode node, string expected, string example)
    {
        if (node is YamlMapping mapping)
        {
            return mapping;
        }

        Wrong(node, expected, example);
        return null;
    }

    public YamlSequence? Sequence(YamlNode node, string expected, string example)
    {
        if (node is YamlSequence sequence)
        {
            return sequence;
        }

        Wrong(node, expected, example);
        return null;
    }

    /// <summary>Literal text; a number gives its source text, since a version or a title may look like one.</summary>
    public Located<string>? Text(YamlEntry? entry, string example) => entry is null ? null : Text(entry.Value, entry.Key.Value, example);

    public Located<string>? Text(YamlNode node, string key, string example)
    {
        if (IsExpression(node))
        {
            Diagnostics.Add(ShapeDiagnostics.ExpressionNotAllowed(node.Span, key));
            return null;
        }

        if (node is YamlScalar { Kind: YamlScalarKind.Text or YamlScalarKind.Number } scalar)
        {
            return new Located<string>(scalar.Value, scalar.Span);
        }

        Wrong(node, $"text for '{key}'", $"{key}: {example}");
        return null;
    }

    /// <summary>One text, or a list of texts.</summary>
    public IReadOnlyList<Located<string>> Texts(YamlEntry? entry, string example)
    {
        if (entry is null)
        {
            return [];
        }

        var nodes = entry.Value is YamlSequence sequence ? sequence.Items : [entry.Value];
        return [.. nodes.Select(n => Text(n, entry.Key.Value, example)).OfType<Located<string>>()];
    }

    /// <summary>A name that expressions can say.</summary>
    public Located<string>? Name(YamlEntry? entry, string what) => Text(entry, "openJob") is { } text ? Name(text, what) : null;

    public Located<string>? Name(Located<string> text, string what)
    {
        if (NamePattern().IsMatch(text.Value))
        {
            return text;
        }

        Diagnostics.Add(ShapeDiagnostics.BadName(text.Span, what, Shorten(text.Value)));
        return null;
    }

    /// <summary>A name of a file or a flow, which stands in addresses and paths.</summary>
    public Located<string>? FileName(YamlEntry? entry, string what)
    {
        if (Text(entry, "customer-to-salesforce") is not { } text)
        {
            return null;
        }

        if (FileNamePattern().IsMatch(text.Value))
        {
            return text;
        }

        Diagnostics.Add(ShapeDiagnostics.BadFileName(text.Span, what, Shorten(text.Value)));
        return null;
    }

    public Located<bool>? Boolean(YamlEntry? entry)
    {
        if (entry is null)
        {
            return null;
        }

        if (entry.Value is YamlScalar { Kind: YamlScalarKind.True or YamlScalarKind.False } scalar)
        {
            return new Located<bool>(scalar.Kind == YamlScalarKind.True, scalar.Span);
        }

        Wrong(entry.Value, $"true or false for '{entry.Key.Value}'", $"{entry.Key.Value}: true");
        return null;
    }

    public Located<long>? Integer(YamlEntry? entry, long least = 0, long most = 1_000_000_000)
    {
        if (entry is null || IsRefused(entry.Value))
        {
            return null;
        }

        if (entry.Value is YamlScalar { Kind: YamlScalarKind.Number } scalar
            && long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most)
        {
            return new Located<long>(number, scalar.Span);
        }

        Diagnostics.Add(ShapeDiagnostics.BadInteger(
            First(entry.Value), entry.Key.Value, entry.Value is YamlScalar text ? Shorten(text.Value) : Describe(entry.Value), least, most));
        return null;
    }

    public Located<TimeSpan>? Duration(YamlEntry? entry)
    {
        if (entry is null || IsRefused(entry.Value))
        {
            return null;
        }

        if (entry.Value is YamlScalar scalar && DurationText.TryParse(scalar.Value, out var duration) && duration >= TimeSpan.Zero)
        {
            return new Located<TimeSpan>(duration, scalar.Span);
        }

        BadDuration(entry);
        return null;
    }

    public void BadDuration(YamlEntry entry) =>
        Diagnostics.Add(ShapeDiagnostics.BadDuration(
            First(entry.Value), entry.Key.Value, entry.Value is YamlScalar text ? Shorten(text.Value) : Describe(entry.Value)));

    /// <summary>A word of a closed list, written as the enumeration's member with a small first letter.</summary>
    public Located<T>? Word<T>(YamlEntry? entry, params T[] allowed)
        where T : struct, Enum
    {
        if (entry is null || IsRefused(entry.Value))
        {
            return null;
        }

        var members = allowed.Length == 0 ? Words<T>.Members : allowed;
        if (entry.Value is YamlScalar { Kind: YamlScalarKind.Text } scalar)
        {
            foreach (var member in members)
            {
                if (WordOf(member) == scalar.Value)
                {
                    return new Located<T>(member, scalar.Span);
                }
            }
        }

        Diagnostics.Add(ShapeDiagnostics.UnknownWord(
            First(entry.Value),
            entry.Key.Value,
            entry.Value is YamlScalar text ? Shorten(text.Value) : Describe(entry.Value),
            [.. members.Select(m => WordOf(m))]));
        return null;
    }

    public static string WordOf<T>(T member)
        where T : struct, Enum
    {
        return Words<T>.Texts[Array.IndexOf(Words<T>.Members, member)];
    }

    private static class Words<T>
        where T : struct, Enum
    {
        public static readonly T[] Members = Enum.GetValues<T>();

        public static readonly string[] Texts = [.. Members.Select(m => m.ToString()).Select(n => char.ToLowerInvariant(n[0]) + n[1..])];
    }

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]{0,99}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9_-]{0,99}\z", RegexOptions.CultureInvariant)]
    private static partial Regex FileNamePattern();
}
