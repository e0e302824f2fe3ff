using System.Text.RegularExpressions;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Salesforce;
using WorkflowEngine.ServiceTitan;

namespace WorkflowEngine.Connectors.Tests;

/// <summary>The tables of what works are read by people who decide by them: they say of everything the code can do whether it is supported, simulated, tested, and how we know.</summary>
public sealed partial class OperationTableTests
{
    private static readonly string[] Certainties = ["spec", "docs", "live", "sdk", "captured", "inferred", "unverified", "public contract"];

    public static TheoryData<string> Headings { get; } = new("ServiceTitan: what works", "Salesforce: what works");

    [Theory]
    [MemberData(nameof(Headings))]
    public void Every_line_says_whether_it_is_supported_simulated_tested_and_how_we_know(string heading)
    {
        var rows = Table(heading);
        Assert.True(rows.Count > 25, $"{rows.Count} lines");
        Assert.All(rows, row =>
        {
            Assert.Equal(5, row.Length);
            Assert.True(row[0].Length > 0 && row[1].Length > 0 && row[2].Length > 0, row[0]);
            if (row[1].StartsWith("no", StringComparison.Ordinal) && row[2] == "no") return;
            Assert.True(row[3].Length > 0, $"{row[0]}: nobody says how it is tested");
            Assert.True(Certainties.Any(c => row[4].Contains(c, StringComparison.Ordinal)), $"{row[0]}: nobody says how we know");
        });
    }

    [Fact]
    public void Every_entity_operation_and_feed_of_ServiceTitan_has_its_line_and_every_operation_of_a_line_exists()
    {
        var rows = Table("ServiceTitan: what works");
        var descriptor = new ServiceTitanConnector().Descriptor;
        foreach (var entity in descriptor.Entities) Assert.True(rows.Any(r => Word(entity.Name).IsMatch(r[0])), $"The entity {entity.Name} has no line.");
        var named = rows.SelectMany(r => Operations(r[0])).ToHashSet(StringComparer.Ordinal);
        foreach (var operation in descriptor.Operations) Assert.True(named.Contains(operation.Name), $"The operation {operation.Name} has no line.");
        foreach (var name in named) Assert.True(descriptor.Operations.Any(o => o.Name == name), $"The line's operation {name} does not exist.");
        var feeds = string.Join(' ', rows.Where(r => r[0].StartsWith("feeds", StringComparison.Ordinal) || r[0].StartsWith("polled", StringComparison.Ordinal)).Select(r => r[0]));
        foreach (var feed in descriptor.Entities.SelectMany(e => e.Events).SelectMany(e => e.Feeds).Distinct()) Assert.True(Word(feed).IsMatch(feeds), $"The feed {feed} has no line.");
    }

    [Fact]
    public void What_the_Salesforce_connection_offers_has_its_line()
    {
        var lines = Table("Salesforce: what works").ToDictionary(r => r[0], r => r[1], StringComparer.Ordinal);
        var descriptor = new SalesforceConnector().Descriptor;
        var auth = descriptor.Settings.Single(s => s.Name == "auth").Type.Choices!;
        var token = lines.Keys.Single(k => k.StartsWith("token: client", StringComparison.Ordinal));
        Assert.Equal(3, auth.Count);
        Assert.All((string[])["client credentials", "refresh token", "JWT bearer"], flow => Assert.Contains(flow, token, StringComparison.Ordinal));
        foreach (var option in descriptor.Options) Assert.Contains(lines.Values, v => v.Contains($"`{option.Name}`", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Key.StartsWith("Bulk API 2.0 ingest", StringComparison.Ordinal) && l.Value.Contains(nameof(IConnection.BulkWrites), StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Key.StartsWith("Bulk API 2.0 query", StringComparison.Ordinal) && l.Value.Contains(nameof(IConnection.BulkReads), StringComparison.Ordinal));
    }

    /// <summary>"job.cancel, .hold" names <c>job.cancel</c> and <c>job.hold</c>; "customerContact, locationContact create, .remove" names both.</summary>
    private static IEnumerable<string> Operations(string cell)
    {
        var owners = new List<string>();
        foreach (Match word in Name().Matches(cell))
        {
            var dot = word.Value.IndexOf('.', StringComparison.Ordinal);
            if (dot < 0)
            {
                owners.Add(word.Value);
                continue;
            }

            if (dot > 0) owners = [word.Value[..dot]];
            foreach (var owner in owners.Where(o => new ServiceTitanConnector().Descriptor.Entity(o) is not null)) yield return owner + word.Value[dot..];
        }
    }

    private static List<string[]> Table(string heading)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository(), "connectors", "README.md"));
        return [.. lines.SkipWhile(l => l != "## " + heading).Skip(1).TakeWhile(l => !l.StartsWith("## ", StringComparison.Ordinal))
            .Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Skip(1).Select(l => l.Trim().Trim('|').Split('|').Select(c => c.Trim()).ToArray())];
    }

    private static Regex Word(string name) => new($@"(?<![\w.]){Regex.Escape(name)}\b", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "WorkflowEngine.sln"))) folder = folder.Parent ?? throw new DirectoryNotFoundException("The tests run inside the repository.");
        return folder.FullName;
    }

    [GeneratedRegex(@"[A-Za-z]*\.[a-z][A-Za-z]+|[a-z][A-Za-z]+", RegexOptions.CultureInvariant, 1_000)]
    private static partial Regex Name();
}
