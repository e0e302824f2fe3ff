using CsCheck;

namespace WorkflowEngine.Definitions.Tests;

/// <summary>Whatever happens to a file, reading it gives diagnostics and never an exception.</summary>
public sealed class FuzzTests
{
    private static readonly string[] Texts = [.. TestFiles.SketchFiles().Select(File.ReadAllText)];

    private static readonly string[] Pieces =
    [
        "'", "\"", "`", "{", "}", "[", "]", ",", ":", ": ", "#", " #", "=", "!", "*", "&", "|", ">", "|-\n", "-", "- ", "?", "%", "@", "\\", "\n", "\r\n", "\t", " ", "  ",
        "<<: ", "---\n", "...\n", "null", "true", "0", "${", "\u00A0", "\uFEFF", "\U0001F600", "\u2028", "\0", "=x ? y : z", "{ a: =f(b, c) }", "steps:\n", "? ", "!!str ",
    ];

    private static readonly Gen<string> Piece = Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]);

    private static readonly Gen<string> Mutated =
        from text in Gen.Int[0, Texts.Length - 1].Select(i => Texts[i])
        from window in Gen.Int[0, text.Length - 1]
        from whole in Gen.Bool
        from edits in Gen.Select(Gen.Int[0, 2], Gen.Int[0, 1_000_000], Gen.Int[0, 40], Piece).Array[1, 8]
        select Mutate(whole ? text : text[..window], edits);

    private static readonly Gen<string> Noise = Piece.Array[0, 60].Select(p => string.Concat(p));

    [Fact]
    public void Mutated_sketches_are_always_answered() => Mutated.Sample(Answered, iter: 4_000);

    [Fact]
    public void Noise_is_always_answered() => Noise.Sample(Answered, iter: 4_000);

    [Fact]
    public void Any_text_is_always_answered() => Gen.String.Sample(Answered, iter: 2_000);

    [Fact]
    public void What_is_mended_once_stays_as_it_is() =>
        Gen.OneOf(Mutated, Noise).Sample(
            text =>
            {
                var once = FlowFormatter.Format(new SourceText("a.yaml", text));
                Assert.Equal(once, FlowFormatter.Format(new SourceText("a.yaml", once)));
            },
            iter: 3_000);

    [Fact]
    public void Each_character_maps_to_its_own_place() =>
        Gen.OneOf(Mutated, Noise).Sample(
            text =>
            {
                var source = new SourceText("a.yaml", text);
                if (YamlReader.Read(source, []) is { } root && TrapScanner.Scan(source).Edits.Count == 0)
                {
                    foreach (var scalar in SpanTests.Scalars(root).Where(s => s.Kind != YamlScalarKind.Refused))
                    {
                        SpanTests.AssertMapped(source, scalar);
                    }
                }
            },
            iter: 3_000);

    private static void Answered(string text)
    {
        var source = new SourceText("a.yaml", text);
        var diagnostics = AllParsers.Parse(source);
        foreach (var diagnostic in diagnostics)
        {
            Assert.InRange(diagnostic.Span.Offset, 0, text.Length);
            Assert.InRange(diagnostic.Span.End, 0, text.Length + 1);
            Assert.NotEqual("", DiagnosticRenderer.Render(diagnostic));
        }

        if (YamlDocument.Read(source).Root is null)
        {
            Assert.Contains(diagnostics, d => d.IsError);
        }
    }

    private static string Mutate(string text, (int Kind, int At, int Length, string Piece)[] edits)
    {
        foreach (var (kind, position, length, piece) in edits)
        {
            var at = text.Length == 0 ? 0 : position % text.Length;
            var end = Math.Min(text.Length, at + length);
            text = kind switch
            {
                0 => text.Insert(at, piece),
                1 => text.Remove(at, end - at),
                _ => text.Insert(at, text[at..end]),
            };
        }

        return text;
    }
}
