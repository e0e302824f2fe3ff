using WorkflowEngine.Abstractions;
using WorkflowEngine.Salesforce;
using WorkflowEngine.ServiceTitan;

namespace WorkflowEngine.Connectors.Tests;

/// <summary>
/// The tables of what works are read by people who decide by them: they say of everything the code can do whether it is supported, simulated, tested, and how we know. They are written from the
/// catalogue's files; an operation is added there and nowhere else.
/// </summary>
public sealed class OperationTableTests
{
    private static readonly string[] Certainties = ["spec", "docs", "live", "sdk", "captured", "inferred", "unverified", "public contract"];

    public static TheoryData<string> Connectors { get; } = new("ServiceTitan", "Salesforce");

    [Theory]
    [MemberData(nameof(Connectors))]
    public void The_table_is_the_one_the_catalogue_tells(string connector)
    {
        var table = new OperationTable(connector);
        if (Environment.GetEnvironmentVariable("ACCEPT_BASELINES") == "1") table.Write();
        Assert.True(table.Text == table.Written(), $"The table of {connector} in connectors/README.md is not what its catalogue says: run .ci/write.");
    }

    [Theory]
    [MemberData(nameof(Connectors))]
    public void Every_line_says_whether_it_is_supported_simulated_tested_and_how_we_know(string connector)
    {
        var rows = new OperationTable(connector).Rows;
        Assert.True(rows.Count > 25, $"{rows.Count} lines");
        Assert.Equal(rows.Count, rows.Select(r => r[0]).Distinct().Count());
        Assert.All(rows, row =>
        {
            Assert.True(row[0].Length > 0 && row[1].Length > 0 && row[2].Length > 0, row[0]);
            Assert.All(row, cell => Assert.DoesNotContain('|', cell));
            if (row[1].StartsWith("no", StringComparison.Ordinal) && row[2] == "no") return;
            Assert.True(row[3].Length > 0, $"{row[0]}: nobody says how it is tested");
            Assert.True(Certainties.Any(c => row[4].Contains(c, StringComparison.Ordinal)), $"{row[0]}: nobody says how we know");
        });
    }

    [Fact]
    public void What_an_entity_of_ServiceTitan_can_do_is_told_no_less_and_no_more()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(OperationTable.Repository, "connectors", "ServiceTitan", "Catalog"), "*.json").Where(f => Path.GetFileName(f) != "connector.json"))
        {
            var json = OperationTable.Read(file);
            var entity = new ServiceTitanConnector().Descriptor.Entity(json.GetProperty("name").GetString()!)!;
            string?[] can = [entity.Queryable ? "read" : null, entity.Creatable ? "create" : null, entity.Updatable ? "update" : null, entity.Deletable ? "delete" : null];
            Assert.True(can.OfType<string>().Order().SequenceEqual(OperationTable.Verbs(json).Order()), $"{Path.GetFileName(file)}: its 'works' tells {string.Join(", ", OperationTable.Verbs(json))}");
        }
    }

    [Fact]
    public void Every_operation_and_every_entity_of_ServiceTitan_is_used_by_a_test()
    {
        var tests = string.Join('\n', Directory.EnumerateFiles(Path.Combine(OperationTable.Repository, "tests", "Connectors.Tests", "ServiceTitan"), "*.cs").Select(File.ReadAllText));
        var descriptor = new ServiceTitanConnector().Descriptor;
        Assert.NotEmpty(descriptor.Operations);
        foreach (var name in descriptor.Operations.Select(o => o.Name).Concat(descriptor.Entities.Select(e => e.Name))) Assert.True(tests.Contains($"\"{name}\"", StringComparison.Ordinal), $"No test uses {name}.");
    }

    [Fact]
    public void What_the_Salesforce_connection_offers_has_its_line()
    {
        var lines = new OperationTable("Salesforce").Rows.ToDictionary(r => r[0], r => r[1], StringComparer.Ordinal);
        var descriptor = new SalesforceConnector().Descriptor;
        var auth = descriptor.Settings.Single(s => s.Name == "auth").Type.Choices!;
        var token = lines.Keys.Single(k => k.StartsWith("token: client", StringComparison.Ordinal));
        Assert.Equal(3, auth.Count);
        Assert.All((string[])["client credentials", "refresh token", "JWT bearer"], flow => Assert.Contains(flow, token, StringComparison.Ordinal));
        foreach (var option in descriptor.Options) Assert.Contains(lines.Values, v => v.Contains($"`{option.Name}`", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Key.StartsWith("Bulk API 2.0 ingest", StringComparison.Ordinal) && l.Value.Contains(nameof(IConnection.BulkWrites), StringComparison.Ordinal));
        Assert.Contains(lines, l => l.Key.StartsWith("Bulk API 2.0 query", StringComparison.Ordinal) && l.Value.Contains(nameof(IConnection.BulkReads), StringComparison.Ordinal));
    }
}
