using CsCheck;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Salesforce;
using WorkflowEngine.Simulators;
using WorkflowEngine.Simulators.Salesforce;

namespace WorkflowEngine.Connectors.Tests.Salesforce;

/// <summary>Values nobody would think of, through the whole way: condition, address, the org's own reading, and back.</summary>
public sealed class HostileValueTests : IAsyncLifetime
{
    private static readonly string[] Known =
    [
        "' OR Name != '", "\\' OR Id != null --", "') OR (Name LIKE '%", "%' OR Name LIKE '%", "\\", "\\\\'", "'", "''", "\"", "\u2019", "\0", "a\nb\rc", "&q=SELECT Id FROM User", "%27 OR 1=1", "#N/A", "]]>", "<Id>", "\uD800", "\uDC00x",
    ];

    private static readonly Gen<string> Hostile = Gen.OneOf(
        Gen.String,
        Gen.String[Gen.Char["'\\\"\n\r\t\b\f\0%_ ,;<>&\u2028\uD83D\uDE00\uD800\uDC00é漢"], 0, 60],
        Gen.Int[1, 20_000].Select(n => new string('\'', n)),
        Gen.Int[0, Known.Length - 1].Select(i => Known[i]));

    private RunningSimulator<SalesforceSimulator>? _running;

    private IConnection Connection { get; set; } = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _running = await TestOrg.StartAsync(new SimulatorOptions { DailyApiLimit = 1_000_000 }, Cancel);
        Connection = new SalesforceConnector().Connect(TestOrg.Settings(_running.BaseAddress), new ConnectorContext { Time = new StepClock(), Gate = new RecordingGate(), Entities = TestOrg.Entities() });
        await Connection.OpenAsync(Cancel);
        var bystander = _running.Simulator.AddRecord("Account", new Dictionary<string, object?> { ["Name"] = "Bystander", ["ServiceTitan_Customer_Id__c"] = "0" });
        _running.Simulator.AddRecord("Contact", new Dictionary<string, object?> { ["AccountId"] = bystander, ["LastName"] = "Child", ["Phone"] = "(208) 555-0142" });
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await _running!.DisposeAsync();
    }

    [Fact]
    public async Task A_hostile_value_finds_nobody_else()
    {
        await Gen.Select(Hostile, Hostile).SampleAsync(
            async (a, b) =>
            {
                var batch = new ReadBatch { Entity = "Account", Fields = ["Name"], Conditions = [new FieldCondition("Name", Comparison.In, [a, b]), new AllOf([new FieldCondition("Name", Comparison.In, [b]), new FieldCondition("Site", Comparison.In, [a])]), new AllOf([new FieldCondition("Contacts.LastName", Comparison.In, [a, b]), new FieldCondition("Contacts.Phone|Contacts.MobilePhone", Comparison.In, [b])])] };
                var answer = await Connection.ReadAsync(batch, Cancel);
                Assert.True(answer.CallError is null, answer.CallError?.ToString());
                Assert.All(answer.Items, i => Assert.True(i.Succeeded, i.Error?.ToString()));
                Assert.All(answer.Items, i => Assert.Empty(i.Value!.Rows));
            },
            iter: 300, threads: 1);
    }

    [Fact]
    public async Task Hostile_values_beside_nulls_and_patterns_are_read_as_they_were_meant()
    {
        await Gen.Select(Hostile.Where(v => v.Length > 0), Gen.Bool, Gen.Int[0, 3]).SampleAsync(
            async (value, blank, shape) =>
            {
                Condition other = new FieldCondition("Site", blank ? Comparison.IsNull : Comparison.IsNotNull, []);
                Condition hostile = new FieldCondition("Name", shape switch { 0 => Comparison.NotIn, 1 => Comparison.Like, _ => Comparison.In }, shape == 2 ? [] : [value]);
                var answer = await Connection.ReadAsync(new ReadBatch { Entity = "Account", Fields = ["Name"], Conditions = [shape == 3 ? new AnyOf([hostile, other]) : new AllOf([hostile, other])] }, Cancel);
                var outcome = answer.CallError is { } refused ? refused : Assert.Single(answer.Items);
                // What is longer than a literal or an address may be is refused before it is sent.
                Assert.True(outcome.Succeeded || (value.Length > 1_000 && outcome.Error.Code is "condition" or "queryTooLong"), outcome.Error?.ToString());
                var found = outcome.Succeeded && outcome.Value!.Rows.Count > 0;
                // The bystander's name is none of these; its site is blank.
                var expected = outcome.Succeeded && shape switch { 0 => blank, 1 => blank && IsWildcard(value), 2 => false, _ => blank };
                Assert.Equal(expected, found);
            },
            iter: 300, threads: 1);
    }

    [Fact]
    public async Task A_hostile_key_finds_its_own_record_again()
    {
        await Hostile.Where(v => v.Trim().Length is > 0 and <= 20).SampleAsync(
            async value =>
            {
                var key = WellFormed(value).Trim();
                if (key.Length is 0 or > 20) return;
                var upsert = new WriteBatch { Entity = "Account", Verb = WriteVerb.Upsert, KeyField = "ServiceTitan_Customer_Id__c", Items = [new WriteItem { Key = key, Fields = new Dictionary<string, object?> { ["Name"] = "Keyed" } }] };
                var first = (await Connection.WriteAsync(upsert, Cancel)).Items[0];
                Assert.True(first.Succeeded, first.Error?.ToString());
                var again = (await Connection.WriteAsync(upsert, Cancel)).Items[0];
                Assert.Equal((first.Value!.Id, false), (again.Value!.Id, again.Value.Created));
            },
            iter: 150, threads: 1);
    }

    [Fact]
    public async Task A_hostile_value_is_stored_as_itself_by_every_way_of_writing()
    {
        var bulk = Connection.BulkWrites!;
        var id = _running!.Simulator.AddRecord("Account", new Dictionary<string, object?> { ["Name"] = "Target" });
        await Hostile.Where(v => v.Length <= 80 && v.Trim().Length > 0 && v != "#N/A").SampleAsync(
            async value =>
            {
                var (whole, expected) = (WellFormed(value), WellFormed(value).Trim());
                var update = new WriteBatch { Entity = "Account", Verb = WriteVerb.Update, Items = [new WriteItem { Id = id, Fields = new Dictionary<string, object?> { ["Site"] = value } }] };
                Assert.True((await Connection.WriteAsync(update, Cancel)).Items[0].Succeeded);
                Assert.Equal(expected, Site());

                var lose = _running.Simulator.AddRecord("Account", new Dictionary<string, object?> { ["Name"] = "Lose" });
                var merge = new WriteBatch { Entity = "Account", Verb = WriteVerb.Merge, Items = [new WriteItem { Id = id, Absorb = [lose], Fields = new Dictionary<string, object?> { ["Sic"] = "1", ["Site"] = value } }] };
                Assert.True((await Connection.WriteAsync(merge, Cancel)).Items[0].Succeeded);
                // XML has no place for most control characters, blank ones among them.
                Assert.Equal(new string([.. whole.Select(c => System.Xml.XmlConvert.IsXmlChar(c) || char.IsSurrogate(c) ? c : '\uFFFD')]).Trim(), Site());

                var job = (await bulk.CreateAsync(update, Cancel)).Value!;
                Assert.True((await bulk.SendAsync(job, update, Cancel)).Succeeded);
                Assert.True((await bulk.StatusAsync(job, CallPriority.Backfill, Cancel)).Value!.IsOver);
                Assert.True((await bulk.ResultsAsync(job, update, Cancel)).Value![0].Succeeded);
                Assert.Equal(expected, Site());
            },
            iter: 120, threads: 1);

        string? Site() => _running.Simulator.Records("Account", "Id", "Site").Single(r => r["Id"] == id)["Site"];
    }

    // A pattern that the bystander's nine letters fit.
    private static bool IsWildcard(string value)
    {
        var letters = value.Count(c => c == '_');
        return value.All(c => c is '%' or '_') && (value.Contains('%', StringComparison.Ordinal) ? letters <= 9 : letters == 9);
    }

    // Halves of characters cannot be sent; blanks around a text are cut by Salesforce.
    private static string WellFormed(string value)
    {
        var text = new System.Text.StringBuilder();
        foreach (var rune in value.EnumerateRunes()) text.Append(rune);
        return text.ToString();
    }
}
