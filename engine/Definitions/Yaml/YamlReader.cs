using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace WorkflowEngine.Definitions;

/// <summary>
/// Text to a tree of positioned nodes, from the YAML parser's events. JSON is read the same way. Whatever the file holds,
/// the answer is a tree, or null with a diagnostic: never an exception.
/// </summary>
public sealed class YamlReader
{
    /// <summary>No file of ours comes near it; beyond, a file is a mistake or an attack.</summary>
    public const int MostCharacters = 512 * 1024;

    /// <summary>Of a metadata file, which a program writes and which holds each field of an org's entities.</summary>
    public const int MostMetadataCharacters = 4 * 1024 * 1024;

    /// <summary>Scalars, lists and mappings per <see cref="MostCharacters"/>.</summary>
    public const int MostValues = 40_000;

    /// <summary>Nesting of mappings and sequences.</summary>
    public const int MostLevels = 64;

    // What may be no text at all, or no line break that editors know: looked at more closely.
    private static readonly SearchValues<char> Unusual = SearchValues.Create(
        [.. Enumerable.Range(0, 32).Select(i => (char)i).Where(c => c is not ('\n' or '\t')), '\u007F', '\u0085', '\u2028', '\u2029', '\uFFFD', '\uFFFE', '\uFFFF']);

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
            var mostValues = (int)((long)MostValues * MostIn(text.Source) / MostCharacters);
            var level = 0;
            var values = 0;
            var documents = 0;
            while (parser.MoveNext())
            {
                var current = parser.Current!;
                events.Add(current);
                level += current.NestingIncrease;
                values += current is NodeEvent ? 1 : 0;

                // What follows a second document's beginning is not read: one is enough to refuse them.
                documents += current is DocumentStart ? 1 : 0;
                if (documents > 1)
                {
                    break;
                }

                // The parser's own work grows with depth: it is stopped before, not only its result refused.
                if (level > MostLevels + 3 || values > mostValues)
                {
                    var start = (int)Math.Min(current.Start.Index, text.Content.Length);
                    var span = text.SpanOf(start, Math.Min(start + 1, text.Content.Length));
                    problem = values > mostValues ? SyntaxDiagnostics.TooManyValues(span, mostValues) : SyntaxDiagnostics.TooDeep(span, MostLevels);
                    return null;
                }
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
        if (content.Length > MostIn(source))
        {
            return SyntaxDiagnostics.TooLarge(source, content.Length, MostIn(source));
        }

        for (var i = content.AsSpan().IndexOfAny(Unusual); i >= 0 && i < content.Length; i = Next(content, i + 1))
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

    /// <summary>How many characters of a file are read.</summary>
    internal static int MostIn(SourceText source) =>
        source.Path.EndsWith(".metadata.json", StringComparison.OrdinalIgnoreCase) ? MostMetadataCharacters : MostCharacters;

    private static int Next(string content, int from)
    {
        var next = content.AsSpan(from).IndexOfAny(Unusual);
        return next < 0 ? -1 : from + next;
    }

    private YamlNode? Document()
    {
        parser.TryConsume<StreamStart>(out _);
        if (!parser.TryConsume<DocumentStart>(out _))
        {
            diagnostics.Add(SyntaxDiagnostics.EmptyFile(text.Source));
            return null;
        }

        var root = Node(0);
        if (root is not null && parser.TryConsume<DocumentEnd>(out _) && parser.TryConsume<DocumentStart>(out var second))
        {
            diagnostics.Add(SyntaxDiagnostics.SeveralDocuments(SpanOf(second)));
        }

        return root;
    }

    // Null when reading cannot go on, which has been reported.
    private YamlNode? Node(int level)
    {
        if (level > MostLevels)
        {
            diagnostics.Add(SyntaxDiagnostics.TooDeep(SpanOf(parser.Current), MostLevels));
            return null;
        }

        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            diagnostics.Add(SyntaxDiagnostics.Alias(SpanOf(alias), alias.Value.Value));
            return Refused(alias);
        }

        var refused = parser.Current is NodeEvent node && HasProperties(node);
        if (parser.TryConsume<Scalar>(out var scalar))
        {
            return refused ? Refused(scalar) : Scalar(scalar, isKey: false);
        }

        if (parser.TryConsume<SequenceStart>(out var sequence))
        {
            return Sequence(sequence, level);
        }

        return parser.TryConsume<MappingStart>(out var mapping) ? Mapping(mapping, level) : Broken();
    }

    // On some malformed texts the parser gives events that make no tree.
    private YamlNode? Broken()
    {
        var span = SpanOf(parser.Current);
        diagnostics.Add(SyntaxDiagnostics.YamlSyntax(new SourceSpan(span.Source, span.Offset, 0), "a value or key was expected"));
        return null;
    }

    private YamlSequence? Sequence(SequenceStart start, int level)
    {
        var items = new List<YamlNode>();
        SequenceEnd? end;
        while (!parser.TryConsume(out end))
        {
            if (diagnostics.IsFull || Node(level + 1) is not { } item)
            {
                return null;
            }

            if (IsEmpty(item))
            {
                diagnostics.Add(SyntaxDiagnostics.EmptyItem(item.Span));
            }

            items.Add(item);
        }

        var isFlow = start.Style == SequenceStyle.Flow;
        return new YamlSequence(Extent(start, end, isFlow, items.Count > 0 ? items[^1].Span : null), items, isFlow);
    }

    private YamlMapping? Mapping(MappingStart start, int level)
    {
        var entries = new List<YamlEntry>();
        var names = new Dictionary<string, YamlScalar>(StringComparer.Ordinal);
        MappingEnd? end;
        while (!parser.TryConsume(out end))
        {
            if (diagnostics.IsFull || Key(level) is not { } key || Node(level + 1) is not { } value)
            {
                return null;
            }

            if (key.Kind == YamlScalarKind.Refused)
            {
                continue;
            }

            if (IsEmpty(value))
            {
                diagnostics.Add(SyntaxDiagnostics.EmptyValue(key.Span, key.Value));
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

        var isFlow = start.Style == MappingStyle.Flow;
        return new YamlMapping(Extent(start, end, isFlow, entries.Count > 0 ? entries[^1].Value.Span : null), entries, isFlow);
    }

    private YamlScalar? Key(int level)
    {
        if (parser.TryConsume<Scalar>(out var scalar))
        {
            if (HasProperties(scalar))
            {
                return Refused(scalar);
            }

            if (scalar.Value.Length > 0 || scalar.Style != ScalarStyle.Plain)
            {
                return Scalar(scalar, isKey: true);
            }
        }

        var current = scalar ?? parser.Current;
        if (current is not AnchorAlias)
        {
            diagnostics.Add(SyntaxDiagnostics.KeyNotText(SpanOf(current)));
        }

        return current is null || (scalar is null && Node(level + 1) is null) ? null : Refused(current);
    }

    private static bool IsEmpty(YamlNode node) => node is YamlScalar { Kind: YamlScalarKind.Refused, IsPlain: true };

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
        if (!isKey && style == YamlScalarStyle.Plain)
        {
            kind = scalar.Value switch
            {
                "" => YamlScalarKind.Refused,
                "true" => YamlScalarKind.True,
                "false" => YamlScalarKind.False,
                "null" => YamlScalarKind.Null,
                _ => JsonNumber.Is(scalar.Value) ? YamlScalarKind.Number : YamlScalarKind.Text,
            };
        }

        var start = (int)scalar.Start.Index;
        var end = Trimmed(start, (int)scalar.End.Index);
        return new YamlScalar(text, start, end, scalar.Value, style, kind);
    }

    private YamlScalar Refused(ParsingEvent e) =>
        new(text, (int)e.Start.Index, (int)e.End.Index, "", YamlScalarStyle.SingleQuoted, YamlScalarKind.Refused);

    private bool HasProperties(NodeEvent node)
    {
        if (!node.Anchor.IsEmpty)
        {
            diagnostics.Add(SyntaxDiagnostics.Anchor(SpanOf(node), node.Anchor.Value));
        }

        if (!node.Tag.IsEmpty)
        {
            diagnostics.Add(SyntaxDiagnostics.Tag(SpanOf(node), node.Tag.Value));
        }

        return !node.Anchor.IsEmpty || !node.Tag.IsEmpty;
    }

    private SourceSpan SpanOf(ParsingEvent? e)
    {
        var start = (int)Math.Min(e?.Start.Index ?? text.Content.Length, text.Content.Length);
        return text.SpanOf(start, (int)Math.Clamp(e?.End.Index ?? start, start, text.Content.Length));
    }

    // The parser ends a block collection at the next token, which may be lines away: it ends where its last node does.
    private SourceSpan Extent(ParsingEvent start, ParsingEvent end, bool isFlow, SourceSpan? last)
    {
        if (isFlow || last is null)
        {
            // The parser's end mark of a collection in brackets stands before the closing bracket.
            var close = (int)Math.Min(end.End.Index, text.Content.Length);
            return text.SpanOf((int)start.Start.Index, close < text.Content.Length && text.Content[close] is '}' or ']' ? close + 1 : close);
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
}
