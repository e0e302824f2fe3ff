using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace WorkflowEngine.Definitions;

/// <summary>
/// Text to a tree of positioned nodes, from the YAML parser's events. JSON is read the same way. Whatever the file holds,
/// the answer is a tree, or null with a diagnostic: never an exception.
/// </summary>
public sealed partial class YamlReader
{
    /// <summary>No file of ours comes near it; beyond, a file is a mistake or an attack.</summary>
    public const int MostCharacters = 2_000_000;

    /// <summary>Nesting of mappings and sequences.</summary>
    public const int MostLevels = 64;

    private readonly DiagnosticBag diagnostics;
    private readonly ParsedText text;
    private readonly EventList parser;

    private YamlReader(ParsedText text, IReadOnlyList<ParsingEvent> events, DiagnosticBag diagnostics)
    {
        this.text = text;
        this.diagnostics = diagnostics;
        parser = new EventList(events);
    }

    public static YamlNode? Read(SourceText source, DiagnosticBag diagnostics)
    {
        if (Unreadable(source) is { } unreadable)
        {
            diagnostics.Add(unreadable);
            return null;
        }

        var traps = TrapScanner.Scan(source);
        diagnostics.AddRange(traps.Diagnostics);
        if (traps.Hopeless)
        {
            return null;
        }

        var text = new ParsedText(source, traps.Edits);
        if (Events(text, out var problem) is not { } events)
        {
            // A trap that could not be mended explains the parser's complaint; saying both would be a cascade.
            if (!traps.Diagnostics.Any(d => d.IsError))
            {
                diagnostics.Add(problem!);
            }

            return null;
        }

        return new YamlReader(text, events, diagnostics).Document();
    }

    // Besides its own exceptions the parser throws others on malformed collections; none of them is a fault of ours.
    [SuppressMessage("Design", "CA1031", Justification = "Whatever a foreign parser throws on hostile text is an answer about the text.")]
    private static List<ParsingEvent>? Events(ParsedText text, out Diagnostic? problem)
    {
        var events = new List<ParsingEvent>();
        problem = null;
        try
        {
            var parser = new Parser(new StringReader(text.Content));
            while (parser.MoveNext())
            {
                events.Add(parser.Current!);
            }

            return events;
        }
        catch (YamlException exception)
        {
            var at = (int)Math.Min(exception.Start.Index, text.Content.Length);
            problem = SyntaxDiagnostics.YamlSyntax(text.SpanOf(at, at), exception.Message);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            var at = events.Count == 0 ? 0 : (int)Math.Min(events[^1].End.Index, text.Content.Length);
            problem = SyntaxDiagnostics.YamlSyntax(text.SpanOf(at, at), "a list or mapping is not closed");
        }

        return null;
    }

    internal static Diagnostic? Unreadable(SourceText source)
    {
        var content = source.Content;
        if (content.Length > MostCharacters)
        {
            return SyntaxDiagnostics.TooLarge(source, content.Length, MostCharacters);
        }

        for (var i = 0; i < content.Length; i++)
        {
            if ((content[i] < ' ' && content[i] is not ('\n' or '\r' or '\t')) || content[i] is '\u007F' or '\uFFFD' or '\uFFFE' or '\uFFFF')
            {
                return SyntaxDiagnostics.NotText(source.SpanOf(i, 1));
            }

            // YAML breaks lines at these and editors do not: places would no longer agree.
            if (content[i] is '\u0085' or '\u2028' or '\u2029' || (content[i] == '\r' && (i + 1 == content.Length || content[i + 1] != '\n')))
            {
                return SyntaxDiagnostics.UnusualLineBreak(source.SpanOf(i, 1), content[i]);
            }
        }

        return string.IsNullOrWhiteSpace(content) ? SyntaxDiagnostics.EmptyFile(source) : null;
    }

    private YamlNode? Document()
    {
        parser.Consume<StreamStart>();
        if (parser.Accept<StreamEnd>(out _))
        {
            diagnostics.Add(SyntaxDiagnostics.EmptyFile(text.Source));
            return null;
        }

        parser.Consume<DocumentStart>();
        var root = Node(0);
        parser.Consume<DocumentEnd>();
        if (root is not null && parser.TryConsume<DocumentStart>(out var second))
        {
            diagnostics.Add(SyntaxDiagnostics.SeveralDocuments(SpanOf(second)));
        }

        return root;
    }

    // Null only when the nesting is too deep: then reading ends.
    private YamlNode? Node(int level)
    {
        if (level > MostLevels)
        {
            diagnostics.Add(SyntaxDiagnostics.TooDeep(SpanOf(parser.Current!), MostLevels));
            return null;
        }

        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            diagnostics.Add(SyntaxDiagnostics.Alias(SpanOf(alias), alias.Value.Value));
            return Refused(alias);
        }

        if (parser.Current is NodeEvent node)
        {
            Properties(node);
        }

        if (parser.TryConsume<Scalar>(out var scalar))
        {
            return Scalar(scalar, isKey: false);
        }

        return parser.TryConsume<SequenceStart>(out var sequence) ? Sequence(sequence, level) : Mapping(parser.Consume<MappingStart>(), level);
    }

    private YamlSequence? Sequence(SequenceStart start, int level)
    {
        var items = new List<YamlNode>();
        while (!parser.Accept<SequenceEnd>(out _))
        {
            if (Node(level + 1) is not { } item)
            {
                return null;
            }

            if (item is YamlScalar { Kind: YamlScalarKind.Refused, Value: "", Span.Length: 0, IsPlain: true } empty)
            {
                diagnostics.Add(SyntaxDiagnostics.EmptyItem(empty.Span));
            }

            items.Add(item);
        }

        var end = parser.Consume<SequenceEnd>();
        var isFlow = start.Style == SequenceStyle.Flow;
        return new YamlSequence(Extent(start, end, isFlow, items.Count > 0 ? items[^1].Span : null), items, isFlow);
    }

    private YamlMapping? Mapping(MappingStart start, int level)
    {
        var entries = new List<YamlEntry>();
        var names = new Dictionary<string, YamlScalar>(StringComparer.Ordinal);
        while (!parser.Accept<MappingEnd>(out _))
        {
            if (Key(level) is not { } key || Node(level + 1) is not { } value)
            {
                return null;
            }

            if (value is YamlScalar { Kind: YamlScalarKind.Refused, Value: "", Span.Length: 0, IsPlain: true } && key.Kind != YamlScalarKind.Refused)
            {
                diagnostics.Add(SyntaxDiagnostics.EmptyValue(key.Span, key.Value));
            }

            if (key.Kind == YamlScalarKind.Refused)
            {
                continue;
            }

            if (key.Value == "<<" && key.IsPlain)
            {
                diagnostics.Add(SyntaxDiagnostics.MergeKey(key.Span));
            }
            else if (!names.TryAdd(key.Value, key))
            {
                diagnostics.Add(SyntaxDiagnostics.DuplicateKey(key.Span, key.Value, names[key.Value].Span.Start));
            }
            else
            {
                entries.Add(new YamlEntry(key, value));
            }
        }

        var end = parser.Consume<MappingEnd>();
        var isFlow = start.Style == MappingStyle.Flow;
        return new YamlMapping(Extent(start, end, isFlow, entries.Count > 0 ? entries[^1].Value.Span : null), entries, isFlow);
    }

    private YamlScalar? Key(int level)
    {
        if (parser.TryConsume<Scalar>(out var scalar))
        {
            Properties(scalar);
            return Scalar(scalar, isKey: true);
        }

        var current = parser.Current!;
        if (current is not AnchorAlias)
        {
            diagnostics.Add(SyntaxDiagnostics.KeyNotText(SpanOf(current)));
        }

        return Node(level + 1) is null ? null : Refused(current);
    }

    private YamlScalar Scalar(Scalar scalar, bool isKey)
    {
        var style = scalar.Style switch
        {
            ScalarStyle.SingleQuoted => YamlScalarStyle.SingleQuoted,
            ScalarStyle.DoubleQuoted => YamlScalarStyle.DoubleQuoted,
            ScalarStyle.Literal => YamlScalarStyle.Literal,
            ScalarStyle.Folded => YamlScalarStyle.Folded,
            _ => YamlScalarStyle.Plain,
        };
        var kind = YamlScalarKind.Text;
        if (isKey)
        {
            kind = scalar.Value.Length == 0 && style == YamlScalarStyle.Plain ? YamlScalarKind.Refused : YamlScalarKind.Text;
        }
        else if (style == YamlScalarStyle.Plain)
        {
            kind = scalar.Value switch
            {
                "" => YamlScalarKind.Refused,
                "true" => YamlScalarKind.True,
                "false" => YamlScalarKind.False,
                "null" => YamlScalarKind.Null,
                _ => JsonNumber().IsMatch(scalar.Value) ? YamlScalarKind.Number : YamlScalarKind.Text,
            };
        }

        var start = (int)scalar.Start.Index;
        var end = Trimmed(start, (int)scalar.End.Index);
        return new YamlScalar(text, start, end, scalar.Value, style, kind);
    }

    private YamlScalar Refused(ParsingEvent e) =>
        new(text, (int)e.Start.Index, (int)e.End.Index, "", YamlScalarStyle.SingleQuoted, YamlScalarKind.Refused);

    private void Properties(NodeEvent node)
    {
        if (!node.Anchor.IsEmpty)
        {
            diagnostics.Add(SyntaxDiagnostics.Anchor(SpanOf(node), node.Anchor.Value));
        }

        if (!node.Tag.IsEmpty)
        {
            diagnostics.Add(SyntaxDiagnostics.Tag(SpanOf(node), node.Tag.Value));
        }
    }

    private SourceSpan SpanOf(ParsingEvent e) => text.SpanOf((int)e.Start.Index, (int)Math.Max(e.Start.Index, e.End.Index));

    // The parser ends a block collection at the next token, which may be lines away: it ends where its last node does.
    private SourceSpan Extent(ParsingEvent start, ParsingEvent end, bool isFlow, SourceSpan? last)
    {
        if (isFlow || last is null)
        {
            return text.SpanOf((int)start.Start.Index, (int)end.End.Index);
        }

        var from = text.ToFile((int)start.Start.Index);
        return new SourceSpan(text.Source, from, Math.Max(0, last.Value.End - from));
    }

    private int Trimmed(int start, int end)
    {
        end = Math.Min(end, text.Content.Length);
        while (end > start && char.IsWhiteSpace(text.Content[end - 1]))
        {
            end--;
        }

        return end;
    }

    [GeneratedRegex(@"\A-?(0|[1-9][0-9]*)(\.[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex JsonNumber();
}
