using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Definitions;
using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.FlowTesting;
using WorkflowEngine.Salesforce;
using WorkflowEngine.ServiceTitan;

namespace WorkflowEngine.EndToEnd.Tests.Secrets;

/// <summary>
/// The templates' own tests, over a catalogue in which every e-mail address and telephone number is a sensitive field: none of these values may be plain in what the engine tells and keeps,
/// whatever way it took through lists, maps, other fields and the vendors' own words.
/// </summary>
[Collection(Volume.AloneCollection.Name)]
public sealed partial class SensitiveFieldTests(ITestOutputHelper output)
{
    [Fact]
    public async Task After_all_tests_of_all_templates_no_value_of_a_sensitive_field_is_in_a_journal_a_log_a_trace_a_letter_or_a_database()
    {
        using var everything = new Everything();
        using var logs = LoggerFactory.Create(b => b.SetMinimumLevel(LogLevel.Trace).AddProvider(everything));
        var values = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var told = new StringBuilder();
        var found = new List<string>();
        var databases = 0;
        var flows = Path.Combine(WorkspaceFolder.Repository(), "flows");
        var files = Directory.EnumerateFiles(flows, "*", SearchOption.AllDirectories).Where(f => Path.GetExtension(f) is ".yaml" or ".json" or ".csv").Select(f => new SourceText(f, File.ReadAllText(f))).ToList();
        var report = await FlowTestRunner.RunAsync(
            files,
            new FlowTestOptions
            {
                Logs = logs, Catalog = [Marked(new ServiceTitanConnector().Descriptor), Marked(new SalesforceConnector().Descriptor)], Left = folder => databases = Search(folder, values, found),
                Observe = async (world, end, cancel) =>
                {
                    var snapshot = await world.SnapshotAsync(cancel);
                    var texts = new StringBuilder();
                    foreach (var (flow, run) in end.Runs)
                    {
                        texts.AppendLine($"run {run.Key} {run.Text}");
                        if (await world.Host.View.Runs.ReadJournalAsync(world.Host.Names.Workspace, run.Id, cancel) is { } journal) texts.AppendLine(Encoding.UTF8.GetString(journal));
                    }

                    foreach (var letter in end.Letters) texts.AppendLine($"letter {letter.Content.Message} {letter.Content.Fingerprint}");
                    foreach (var incident in await world.Host.View.Incidents.ListAsync(world.Host.Names.Workspace, openOnly: false, cancel)) texts.AppendLine($"incident {incident.Message} {incident.Fingerprint}");
                    lock (told)
                    {
                        told.Append(texts);
                        foreach (var text in snapshot.Values)
                        {
                            foreach (Match match in Address().Matches(text)) values.Add(match.Value);
                            foreach (Match match in Number().Matches(text)) values.Add(match.Groups["number"].Value);
                        }
                    }
                },
            },
            TestContext.Current.CancellationToken);
        // Whether the tests themselves hold is asked elsewhere; here all of them have to have told something.
        Assert.DoesNotContain(report.Diagnostics, d => d.IsError);
        Assert.True(values.Count > 20, $"{values.Count} values");
        Assert.True(databases >= report.Tests.Count, $"{databases} databases");
        Assert.Contains("•••", told.ToString(), StringComparison.Ordinal);
        foreach (var (place, text) in everything.Texts.Where(t => t.Place != "the exceptions").Append(("what the engine tells", told.ToString()))) Search(place, text, values, found);
        output.WriteLine($"{report.Tests.Count} tests, {values.Count} values ({string.Join(", ", values)}), {databases} database files, {found.Count} found");
        Assert.True(found.Count == 0, string.Join("\n", found.Take(40)));
    }

    private static int Search(string folder, HashSet<string> values, List<string> found)
    {
        var files = Directory.EnumerateFiles(folder).ToList();
        foreach (var file in files) Search(Path.GetExtension(file), Encoding.Latin1.GetString(File.ReadAllBytes(file)), values, found);
        return files.Count(f => f.EndsWith(".db", StringComparison.Ordinal));
    }

    private static void Search(string place, string text, HashSet<string> values, List<string> found)
    {
        var search = SearchValues.Create([.. values], StringComparison.OrdinalIgnoreCase);
        for (var at = text.AsSpan().IndexOfAny(search); at >= 0;)
        {
            found.Add($"{place}: …{text[Math.Max(0, at - 160)..Math.Min(text.Length, at + 40)].ReplaceLineEndings(" ")}…");
            var next = text.AsSpan(at + 1).IndexOfAny(search);
            at = next < 0 ? -1 : at + 1 + next;
        }
    }

    private static ConnectorDescriptor Marked(ConnectorDescriptor connector) => connector with { Entities = [.. connector.Entities.Select(e => e with { Fields = Marked(e.Fields, e.Name) })] };

    private static IReadOnlyList<FieldDescriptor> Marked(IReadOnlyList<FieldDescriptor> fields, string entity) =>
    [
        .. fields.Select(f => f with
        {
            Sensitive = f.Sensitive || f.Type.Kind is FieldKind.Email or FieldKind.Phone || (f.Name == "value" && entity.EndsWith("Contact", StringComparison.Ordinal)),
            Type = Marked(f.Type, entity),
        }),
    ];

    private static FieldType Marked(FieldType type, string entity) => type with
    {
        Fields = type.Fields.Count == 0 ? type.Fields : Marked(type.Fields, entity), Item = type.Item is null ? null : Marked(type.Item, entity),
    };

    [GeneratedRegex(@"[A-Za-z0-9._+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")]
    private static partial Regex Address();

    [GeneratedRegex("(Phone|MobilePhone|value)\\\\?\"?\\s*[:=]\\s*\\\\?\"?(?<number>[+(]?[0-9][0-9 ().-]{8,}[0-9])")]
    private static partial Regex Number();
}
