using WorkflowEngine.Abstractions;
using WorkflowEngine.Salesforce;
using WorkflowEngine.Salesforce.Errors;
using WorkflowEngine.Simulators;
using WorkflowEngine.Simulators.Faults;
using WorkflowEngine.Simulators.Salesforce;
using static WorkflowEngine.Connectors.Tests.Salesforce.ReadTests;

namespace WorkflowEngine.Connectors.Tests.Salesforce;

public sealed class SimulatedOrgTests : IAsyncLifetime
{
    private RunningSimulator<SalesforceSimulator>? _running;

    private StepClock Clock { get; } = new();

    private RecordingGate Gate { get; } = new();

    private SalesforceSimulator Org => _running!.Simulator;

    private IConnection Connection { get; set; } = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _running = await TestOrg.StartAsync(new SimulatorOptions { QueryPageSize = 200 }, Cancel);
        Connection = new SalesforceConnector().Connect(TestOrg.Settings(_running.BaseAddress), new ConnectorContext { Time = Clock, Gate = Gate, Entities = TestOrg.Entities() });
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        await _running!.DisposeAsync();
    }

    [Fact]
    public async Task The_realm_is_the_orgs_id()
    {
        var opened = await Connection.OpenAsync(Cancel);
        Assert.Equal("salesforce:" + Org.OrganizationId, opened.Value?.Realm);
    }

    [Fact]
    public async Task An_upsert_makes_then_changes_one_record_singly_and_in_collections()
    {
        var single = await WriteAsync(Upsert("Account", "ServiceTitan_Customer_Id__c", ("1", Fields(("Name", "Ruiz")))));
        Assert.Equal((true, false), (single.Items[0].Value!.Created, single.Items[0].Value!.Id.Length != 18));
        var again = await WriteAsync(Upsert("Account", "ServiceTitan_Customer_Id__c", ("1", Fields(("Name", "Ruiz Residence")))));
        Assert.Equal((false, single.Items[0].Value!.Id), (again.Items[0].Value!.Created, again.Items[0].Value!.Id));
        var many = await WriteAsync(Upsert("Account", "ServiceTitan_Customer_Id__c", ("1", Fields(("Name", "Ruiz 3"))), ("2", Fields(("Name", "Lee"))), ("3", Fields(("Phone", "x")))));
        Assert.Equal([(false, single.Items[0].Value!.Id), (true, many.Items[1].Value!.Id)], many.Items.Take(2).Select(i => (i.Value!.Created, i.Value.Id)));
        // A new account without its name fails alone.
        Assert.Equal((ErrorKind.Rejected, "REQUIRED_FIELD_MISSING"), (many.Items[2].Error!.Kind, many.Items[2].Error!.Code));
        Assert.Equal(["Name"], many.Items[2].Error!.Fields);
        Assert.Equal(2, Org.Records("Account", "Id").Count);
    }

    [Fact]
    public async Task A_key_of_several_records_is_a_conflict_with_their_ids_singly_and_in_collections()
    {
        string[] ids = [Add("Contact", ("LastName", "A"), ("Loose_Key__c", "k")), Add("Contact", ("LastName", "B"), ("Loose_Key__c", "k"))];
        var single = await WriteAsync(Upsert("Contact", "Loose_Key__c", ("k", Fields(("LastName", "C")))));
        var many = await WriteAsync(Upsert("Contact", "Loose_Key__c", ("k", Fields(("LastName", "C"))), ("other", Fields(("LastName", "D")))));
        foreach (var error in (OperationError[])[single.Items[0].Error!, many.Items[0].Error!])
        {
            Assert.Equal((ErrorKind.Conflict, "DUPLICATE_EXTERNAL_ID"), (error.Kind, error.Code));
            Assert.Equal(ids.Order(), error.RecordIds.Order());
        }

        Assert.True(many.Items[1].Succeeded);
    }

    [Fact]
    public async Task A_value_another_record_has_is_a_conflict_that_names_it()
    {
        var taken = Add("Account", ("Name", "A"), ("ServiceTitan_Customer_Id__c", "7"));
        var other = Add("Account", ("Name", "B"));
        var answer = await WriteAsync(new WriteBatch { Entity = "Account", Verb = WriteVerb.Update, Items = [new WriteItem { Id = other, Fields = Fields(("ServiceTitan_Customer_Id__c", "7")) }] });
        Assert.Equal(ErrorKind.Conflict, answer.Items[0].Error?.Kind);
        Assert.Equal([taken], answer.Items[0].Error!.RecordIds);
    }

    [Fact]
    public async Task The_same_key_twice_in_one_batch_does_not_fail()
    {
        var answer = await WriteAsync(Upsert("Account", "ServiceTitan_Customer_Id__c", ("1", Fields(("Name", "first"))), ("2", Fields(("Name", "x"))), ("1", Fields(("Name", "second")))));
        Assert.All(answer.Items, i => Assert.True(i.Succeeded, i.Error?.ToString()));
        Assert.Equal(["second", "x"], Org.Records("Account", "Name").Select(r => r["Name"]).Order());
    }

    [Fact]
    public async Task A_parent_by_external_id_is_found_and_a_missing_one_says_so()
    {
        var account = Add("Account", ("Name", "Ruiz"), ("ServiceTitan_Customer_Id__c", "48211"));
        var answer = await WriteAsync(Upsert(
            "Contact", "ServiceTitan_Person_Key__c",
            ("48211/primary", Fields(("LastName", "Ruiz"), ("AccountId", new ParentReference("Account", "ServiceTitan_Customer_Id__c", "48211")))),
            ("9/primary", Fields(("LastName", "Lee"), ("AccountId", new ParentReference("Account", "ServiceTitan_Customer_Id__c", "9"))))));
        Assert.True(answer.Items[0].Succeeded, answer.Items[0].Error?.ToString());
        Assert.Equal(account, Assert.Single(Org.Records("Contact", "AccountId"))["AccountId"]);
        Assert.Equal((ErrorKind.Rejected, SalesforceErrors.ParentNotFound), (answer.Items[1].Error!.Kind, answer.Items[1].Error!.Code));
    }

    [Fact]
    public async Task A_locked_row_is_passing_trouble_of_that_row_only()
    {
        Org.Faults.Add(new FaultRule { Kind = FaultKind.RowLock, Field = "Name", Value = "locked" });
        var answer = await WriteAsync(Upsert("Account", "ServiceTitan_Customer_Id__c", ("1", Fields(("Name", "free"))), ("2", Fields(("Name", "locked")))));
        Assert.True(answer.Items[0].Succeeded);
        Assert.Equal((ErrorKind.Transient, "UNABLE_TO_LOCK_ROW"), (answer.Items[1].Error!.Kind, answer.Items[1].Error!.Code));
        Assert.True(answer.Items[1].Error!.NotExecuted);
    }

    [Fact]
    public async Task A_deleted_field_is_misconfigured_and_named_by_reads_and_writes()
    {
        var write = await WriteAsync(Upsert("Account", "ServiceTitan_Customer_Id__c", ("1", Fields(("Name", "A"), ("Gone__c", "x"))), ("2", Fields(("Name", "B"), ("Gone__c", "x")))));
        var error = write.CallError ?? write.Items[0].Error;
        Assert.Equal(ErrorKind.Misconfigured, error?.Kind);
        Assert.Equal(["Gone__c"], error!.Fields);
        var key = await WriteAsync(Upsert("Account", "Gone__c", ("1", Fields(("Name", "A"))), ("2", Fields(("Name", "B")))));
        Assert.Equal(ErrorKind.Misconfigured, (key.CallError ?? key.Items[0].Error)?.Kind);
        var read = await ReadAsync(Batch("Account", ["Gone__c"], Is("Name", "A")));
        Assert.Equal((ErrorKind.Misconfigured, "INVALID_FIELD"), (read.Items[0].Error!.Kind, read.Items[0].Error!.Code));
        Assert.Equal(["Gone__c"], read.Items[0].Error!.Fields);
    }

    [Fact]
    public async Task The_daily_allowance_used_up_pauses_the_connection()
    {
        Org.Faults.Add(new FaultRule { Kind = FaultKind.Quota });
        Assert.Equal(ErrorKind.Quota, (await ReadAsync(Batch("Account", ["Name"], Is("Name", "A"), Is("Name", "B")))).CallError?.Kind);
        Assert.Equal(ErrorKind.Quota, (await WriteAsync(Upsert("Account", "ServiceTitan_Customer_Id__c", ("1", Fields(("Name", "A")))))).CallError?.Kind);
    }

    [Fact]
    public async Task What_the_org_says_about_its_limits_reaches_the_budget()
    {
        await ReadAsync(Batch("Account", ["Name"], Is("Name", "A")));
        Assert.Equal(100_000, Gate.Observed.Last().Limit);
    }

    [Fact]
    public async Task Hostile_texts_are_found_as_themselves_and_nothing_else()
    {
        string[] names = ["O'Brien, Sean & Kate", @"back\slash", "' OR Name != '", @"\' OR Id != null --", "line\nbreak", "Zoë \"quoted\" 漢字 \uD83D\uDE00", "100% _sure_", "tab\there"];
        foreach (var name in names) Add("Contact", ("LastName", name));
        Add("Contact", ("LastName", "bystander"));
        var together = await ReadAsync(Batch("Contact", ["LastName"], [.. names.Select(n => Is("LastName", n))]));
        Assert.Equal(names, together.Items.Select(i => (string)Assert.Single(i.Value!.Rows)["LastName"]!));
        foreach (var name in names)
        {
            var alone = await ReadAsync(Batch("Contact", ["LastName"], Is("LastName", name)));
            Assert.Equal(name, Assert.Single(alone.Items[0].Value!.Rows)["LastName"]);
        }
    }

    [Fact]
    public async Task A_batch_of_askers_gets_what_each_of_them_would_get_alone()
    {
        for (var i = 0; i < 30; i++)
        {
            Add("Contact", ("LastName", i % 3 == 0 ? "Ruiz" : "ruiz"), ("FirstName", $"P{i % 5}"), ("Phone", i % 2 == 0 ? "(208) 555-0142" : $"208.555.{i:D4}"), ("Email", i % 7 == 0 ? null : $"p{i % 6}@EXAMPLE.com"));
        }

        Condition[][] batches =
        [
            [.. Enumerable.Range(0, 8).Select(i => Is("Email", $"P{i}@example.com"))],
            [.. Enumerable.Range(0, 6).Select(i => new AllOf([Is("LastName", "RUIZ"), Is("FirstName", $"p{i}")]))],
            [.. Enumerable.Range(0, 6).Select(i => new AllOf([Is("Phone|MobilePhone", "+12085550142"), Is("FirstName", $"P{i}")]))],
            [.. Enumerable.Range(0, 6).Select(i => new AllOf([new FieldCondition("FirstName", Comparison.NotIn, [$"P{i}", "P0"]), new FieldCondition("Email", Comparison.IsNull, [])]))],
            [.. Enumerable.Range(0, 6).Select(i => new AnyOf([Is("Email", $"p{i}@example.com"), new FieldCondition("Phone", Comparison.Like, [$"%55.000{i}"])]))],
        ];
        foreach (var conditions in batches)
        {
            var together = await ReadAsync(Batch("Contact", ["LastName", "FirstName", "Email", "Phone"], conditions));
            Assert.Null(together.CallError);
            for (var i = 0; i < conditions.Length; i++)
            {
                var alone = await ReadAsync(Batch("Contact", ["LastName"], conditions[i]));
                Assert.Equal(Ids(alone.Items[0]).Order(), Ids(together.Items[i]).Order());
            }
        }
    }

    [Fact]
    public async Task Rows_over_the_cap_are_cut_in_order_and_say_so_and_nobody_elses_are_lost()
    {
        for (var i = 0; i < 450; i++) Add("Contact", ("LastName", "Hot"), ("FirstName", $"{i:D3}"));
        Add("Contact", ("LastName", "Cold"), ("FirstName", "c"));
        var answer = await ReadAsync(Batch("Contact", ["FirstName"], Is("LastName", "Hot"), Is("LastName", "Cold")) with { OrderBy = [new OrderTerm("FirstName", true)], RowCap = 100 });
        Assert.True(answer.Items[0].Value!.More);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{449 - i:D3}"), answer.Items[0].Value!.Rows.Select(r => r["FirstName"]));
        Assert.Equal("c", Assert.Single(answer.Items[1].Value!.Rows)["FirstName"]);
        Assert.False(answer.Items[1].Value!.More);

        var all = await ReadAsync(Batch("Contact", ["FirstName"], Is("LastName", "Hot")) with { OrderBy = [new OrderTerm("FirstName", false)], RowCap = 1000 });
        Assert.Equal(Enumerable.Range(0, 450).Select(i => $"{i:D3}"), all.Items[0].Value!.Rows.Select(r => r["FirstName"]));
        Assert.True(all.Calls > 1);
    }

    [Fact]
    public async Task Exact_values_survive_the_way_there_and_back()
    {
        var created = await WriteAsync(new WriteBatch
        {
            Entity = "Opportunity", Verb = WriteVerb.Create,
            Items = [new WriteItem { Fields = Fields(("Name", "Zoë's \uD83D\uDE00 job"), ("StageName", "Prospecting"), ("CloseDate", new DateOnly(2026, 3, 14)), ("ServiceTitan_Revenue__c", 1234567890.10m), ("ServiceTitan_Job_Id__c", "77")) }],
        });
        Assert.True(created.Items[0].Succeeded, created.Items[0].Error?.ToString());
        var read = await ReadAsync(Batch("Opportunity", ["Name", "CloseDate", "ServiceTitan_Revenue__c", "IsWon", "Owner.Name"], new AllOf(
        [
            Is("ServiceTitan_Job_Id__c", "77"), Is("CloseDate", new DateOnly(2026, 3, 14)), Is("ServiceTitan_Revenue__c", 1234567890.10m), Is("IsWon", false),
            new FieldCondition("SystemModstamp", Comparison.Greater, [new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)]),
        ])));
        var row = Assert.Single(read.Items[0].Value!.Rows);
        Assert.Equal("Zoë's \uD83D\uDE00 job", row["Name"]);
        Assert.Equal(new DateOnly(2026, 3, 14), row["CloseDate"]);
        Assert.Equal(1234567890.10m, row["ServiceTitan_Revenue__c"]);
        Assert.IsType<DateTimeOffset>(row["SystemModstamp"]);
        Assert.IsAssignableFrom<IReadOnlyDictionary<string, object?>>(row["Owner"]);
    }

    [Fact]
    public async Task Every_object_of_the_catalogue_exists_with_its_fields()
    {
        foreach (var entity in new SalesforceConnector().Descriptor.Entities)
        {
            var described = await Connection.DescribeAsync(entity.Name, Cancel);
            Assert.True(described.Succeeded, described.Error?.ToString());
            Assert.Empty(entity.Fields.Where(f => f.Type.Kind is not FieldKind.List && described.Value!.Field(f.Name) is null).Select(f => $"{entity.Name}.{f.Name}"));
            foreach (var field in described.Value!.Fields)
            {
                if (entity.Field(field.Name) is not { } known || field.Type.Kind == known.Type.Kind) continue;
                // Long and short texts differ by a bound only.
                Assert.True(IsText(field.Type.Kind) && IsText(known.Type.Kind) || IsNumber(field.Type.Kind) && IsNumber(known.Type.Kind), $"{entity.Name}.{field.Name}: {field.Type.Kind} there, {known.Type.Kind} here");
            }
        }

        static bool IsText(FieldKind kind) => kind is FieldKind.Text or FieldKind.LongText or FieldKind.Choice or FieldKind.Phone or FieldKind.Email or FieldKind.Url;
        static bool IsNumber(FieldKind kind) => kind is FieldKind.Integer or FieldKind.Number or FieldKind.Decimal;
    }

    [Fact]
    public async Task Changed_records_are_polled_page_by_page_without_loss()
    {
        var since = DateTimeOffset.MinValue.AddYears(2000);
        var made = Enumerable.Range(0, 450).Select(i => Add("Contact", ("LastName", $"L{i}"))).ToHashSet();
        var seen = new HashSet<string>();
        var cursor = new SourceCursor(null, since);
        for (var more = true; more;)
        {
            var page = await Connection.PollAsync(new PollRequest { Entity = "Contact", Feed = "modified", Cursor = cursor }, Cancel);
            Assert.True(page.Succeeded, page.Error?.ToString());
            foreach (var row in page.Value!.Rows)
            {
                seen.Add(row.RecordId);
                Assert.StartsWith("L", (string)row.Record!["LastName"]!, StringComparison.Ordinal);
            }

            (cursor, more) = (page.Value.Cursor, page.Value.HasMore);
        }

        Assert.Equal(made, seen);
    }

    private static IEnumerable<string> Ids(Outcome<ReadRows> outcome) => outcome.Value!.Rows.Select(r => (string)r["Id"]!);

    private static Dictionary<string, object?> Fields(params (string Name, object? Value)[] fields) => fields.ToDictionary(f => f.Name, f => f.Value);

    private static WriteBatch Upsert(string entity, string field, params (string Key, Dictionary<string, object?> Fields)[] rows) =>
        new() { Entity = entity, Verb = WriteVerb.Upsert, KeyField = field, Items = [.. rows.Select(r => new WriteItem { Key = r.Key, Fields = r.Fields })] };

    private string Add(string entity, params (string Name, object? Value)[] fields) => Org.AddRecord(entity, Fields([.. fields.Where(f => f.Value is not null)]));

    private Task<BatchAnswer<WriteResult>> WriteAsync(WriteBatch batch) => Connection.WriteAsync(batch, Cancel);

    private Task<BatchAnswer<ReadRows>> ReadAsync(ReadBatch batch) => Connection.ReadAsync(batch, Cancel);
}
