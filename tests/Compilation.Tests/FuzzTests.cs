using CsCheck;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Tests;

/// <summary>Flow files broken at random: always diagnostics, never an exception.</summary>
public sealed class FuzzTests
{
    private static readonly string[] Words =
        ["=", "'", "\"", "{", "}", "[", "]", ":", "- ", "#", "null", "true", "input", "=input.id", "params.", "found", "match: ", "set: ", "orElse: none", "where: { any: [] }", "\n", "  ", "é", "|-", "12.5", "}}", "=> ", "`${"];

    private static readonly string[] Texts =
        [.. Directory.EnumerateFiles(TestFiles.Root, "*.yaml", SearchOption.AllDirectories).Where(f => !f.Contains("bin", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(File.ReadAllText)];

    private static readonly Gen<string> Broken =
        from text in Gen.Int[0, Texts.Length - 1].Select(i => Texts[i])
        from edits in Gen.Select(Gen.Int[0, 100_000], Gen.Int[0, 30], Gen.Int[0, Words.Length - 1].Select(i => Words[i]), Gen.Int[0, 3]).Array[1, 4]
        select edits.Aggregate(text, Edit);

    [Fact]
    public void A_broken_file_gives_diagnostics_and_never_an_exception() => Broken.Sample(
        text =>
        {
            var result = TestCompiler.Compile(new SourceText("flow.yaml", text), TestCompiler.Context);
            // Whatever is said can be shown.
            return DiagnosticRenderer.Render(result.Diagnostics).Length >= 0 && (result.Flow is not null || result.Diagnostics.Count > 0);
        },
        iter: 600,
        threads: 2);

    private static string Edit(string text, (int At, int Length, string Word, int Kind) edit)
    {
        if (text.Length == 0) return edit.Word;
        var at = edit.At % text.Length;
        var length = Math.Min(edit.Length, text.Length - at);
        return edit.Kind switch
        {
            0 => text.Remove(at, length),
            1 => text.Insert(at, edit.Word),
            2 => text.Remove(at, length).Insert(at, edit.Word),
            // A piece of the file in another place.
            _ => text.Insert(edit.At * 7 % text.Length, text.Substring(at, length)),
        };
    }
}
