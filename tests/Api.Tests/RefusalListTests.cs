using System.Text;
using System.Text.RegularExpressions;

namespace WorkflowEngine.Api.Tests;

/// <summary>Every refusal that the API, the command line, the databases and the designer can give a person, as a list to be read: what happened and what to do, in whole sentences. ACCEPT_BASELINES=1 writes it anew.</summary>
public sealed partial class RefusalListTests
{
    private static readonly string[] Folders = [Path.Combine("engine", "Api"), Path.Combine("engine", "Cli"), Path.Combine("engine", "Hosting"), Path.Combine("engine", "Storage"), Path.Combine("engine", "Storage.Sqlite"), Path.Combine("engine", "Storage.PostgreSql")];

    private static string Baseline => Path.Combine(Repository(), "tests", "Api.Tests", "Baselines", "refusals.txt");

    [Fact]
    public async Task The_list_of_refusals_is_the_one_that_was_read()
    {
        var list = Refusals().Select(r => r.Text).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        Assert.InRange(list.Count, 150, 600);
        var text = string.Join("\n", list) + "\n";
        if (Environment.GetEnvironmentVariable("ACCEPT_BASELINES") == "1") await File.WriteAllTextAsync(Baseline, text);
        Assert.Equal(await File.ReadAllTextAsync(Baseline), text);
    }

    [Fact]
    public void A_refusal_is_a_sentence_that_names_the_thing_and_nothing_of_the_program()
    {
        var wrong = new List<string>();
        foreach (var (file, text) in Refusals())
        {
            // A sentence that ends with a part of its own is judged where that part is written.
            var whole = text.EndsWith('.') || text.EndsWith('}') || text.EndsWith('?');
            var words = text.Replace("{}", "x", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
            var technical = Technical().IsMatch(text);
            if (!whole || words < 3 || technical || !(char.IsUpper(text[0]) || text[0] is '\'' or '{' or '"' or '-')) wrong.Add($"{file}: {text}");
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    /// <summary>Sentences given to the forms of refusal, with their holes as written.</summary>
    private static IEnumerable<(string File, string Text)> Refusals()
    {
        var sources = Folders.SelectMany(f => Directory.EnumerateFiles(Path.Combine(Repository(), f), "*.cs", SearchOption.AllDirectories)).Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal));
        foreach (var file in sources)
        {
            var code = File.ReadAllText(file);
            foreach (Match call in Call().Matches(code))
            {
                foreach (var text in Literals(code, call.Index + call.Length).Where(t => t.Trim().Contains(' ', StringComparison.Ordinal))) yield return (Path.GetFileName(file), text);
            }
        }

        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository(), "designer", "src"), "*.ts*", SearchOption.AllDirectories))
        {
            foreach (Match note in Shown().Matches(File.ReadAllText(file)))
            {
                var text = Hole().Replace(note.Groups["text"].Value, "{}").Trim();
                if (text.Contains(' ', StringComparison.Ordinal) && !text.Contains("=>", StringComparison.Ordinal)) yield return (Path.GetFileName(file), text);
            }
        }
    }

    /// <summary>The texts among the arguments of a call, up to its closing bracket; what an interpolation puts in stands as {}.</summary>
    private static List<string> Literals(string code, int from)
    {
        var found = new List<string>();
        var depth = 1;
        for (var i = from; i < code.Length && depth > 0; i++)
        {
            if (code[i] == '(') depth++;
            else if (code[i] == ')') depth--;
            else if (code[i] == '"') found.Add(Text(code, ref i, code[i - 1] == '$'));
        }

        return found;
    }

    private static string Text(string code, ref int at, bool interpolated)
    {
        var text = new StringBuilder();
        for (at++; code[at] != '"'; at++)
        {
            if (code[at] == '\\') text.Append(code[++at] == 'n' ? ' ' : code[at]);
            else if (interpolated && code[at] == '{' && code[at + 1] == '{') text.Append(code[at++]);
            else if (interpolated && code[at] == '{')
            {
                text.Append("{}");
                for (var depth = 1; depth > 0;)
                {
                    at++;
                    if (code[at] == '"') _ = Text(code, ref at, code[at - 1] == '$');
                    else if (code[at] == '{') depth++;
                    else if (code[at] == '}') depth--;
                }
            }
            else text.Append(code[at]);
        }

        return text.ToString();
    }

    private static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "WorkflowEngine.sln"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException("The tests run inside the repository.");
    }

    [GeneratedRegex(@"Problem\.(NotFound|BadRequest|Unprocessable|Mistakes|Conflict|Changed|TooLarge|Busy|Of|TooMany)\(|new UnusableException\(|HookAnswer\.Refused\(|new StorageProblemException\(|new AddressProblemException\(|new RefusedReplay\(|SettingDiagnostics\.Unsafe\(")]
    private static partial Regex Call();

    /// <summary>What the designer shows as a warning or an error: a note, or a thrown sentence.</summary>
    [GeneratedRegex("""<Note look="(?:error|warn)"(?:[^>{]|{[^}]*})*>(?<text>[^<]+)<|new (?:Offline|Problem)\(['`](?<text>[^'`]+)['`]""")]
    private static partial Regex Shown();

    [GeneratedRegex(@"\$?\{(?:[^{}]|\{[^{}]*\})*\}")]
    private static partial Regex Hole();

    [GeneratedRegex(@"Exception|System\.|null reference|stack|\bNaN\b", RegexOptions.IgnoreCase)]
    private static partial Regex Technical();
}
