using System.Globalization;
using WorkflowEngine.EndToEnd.Tests.World;

namespace WorkflowEngine.EndToEnd.Tests.Matching;

/// <summary>What was found, missed and mistaken.</summary>
internal sealed record Score(int Pairs, int Found, IReadOnlyList<string> Missed, IReadOnlyList<string> Wrong)
{
    public double Precision => Found + Wrong.Count == 0 ? 0 : (double)Found / (Found + Wrong.Count);

    public double Recall => Pairs == 0 ? 0 : (double)(Pairs - Missed.Count) / Pairs;

    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Pairs} true pairs share a key, {Found} adoptions are right, {Wrong.Count} wrong, {Missed.Count} missed: precision {Precision:0.0000}, recall {Recall:0.0000}");

    /// <param name="kind">What the records are about.</param>
    /// <param name="typed">Records that stood there, by id.</param>
    /// <param name="keys">The customer each record carries now.</param>
    /// <param name="shares">Whether record and customer share a normalised key.</param>
    public static Score Of(string kind, IReadOnlyDictionary<string, Household> typed, IReadOnlyDictionary<string, string?> keys, Func<Household, bool> shares)
    {
        var (pairs, found, missed, wrong) = (0, 0, new List<string>(), new List<string>());
        foreach (var (id, about) in typed)
        {
            var truth = about.Customer?.ToString(CultureInfo.InvariantCulture);
            var key = keys.GetValueOrDefault(id);
            var line = $"{kind} {id}: truly {truth ?? "nobody"}, carries {key ?? "nothing"}; {string.Join(", ", about.Noise)}";
            if (key is not null && key == truth) found++;
            else if (key is not null) wrong.Add(line);
            if (truth is null || !shares(about)) continue;
            pairs++;
            if (key != truth) missed.Add(line);
        }

        return new Score(pairs, found, missed, wrong);
    }

    public Score And(Score other) => new(Pairs + other.Pairs, Found + other.Found, [.. Missed, .. other.Missed], [.. Wrong, .. other.Wrong]);

    /// <summary>All lines, and how often each kind of noise stood behind a missed pair.</summary>
    public void Write(int size)
    {
        var folder = Directory.CreateDirectory(Path.Combine(WorkspaceFolder.Repository(), "artifacts", "matching")).FullName;
        var by = Missed.SelectMany(m => m[(m.IndexOf(';', StringComparison.Ordinal) + 2)..].Split(", ")).GroupBy(n => n).OrderByDescending(g => g.Count()).Select(g => $"{g.Count().ToString(CultureInfo.InvariantCulture),6} {g.Key}");
        File.WriteAllLines(
            Path.Combine(folder, $"{size.ToString(CultureInfo.InvariantCulture)}.txt"),
            [$"{size.ToString(CultureInfo.InvariantCulture)} customers, seed {Town.Seed.ToString(CultureInfo.InvariantCulture)}: {Text}", "", "noise behind missed pairs", .. by, "", "missed", .. Missed, "", "wrong", .. Wrong]);
    }
}
