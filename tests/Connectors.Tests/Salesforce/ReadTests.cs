using System.Text.RegularExpressions;
using WorkflowEngine.Abstractions;
using static WorkflowEngine.Connectors.Tests.Salesforce.ScriptedOrg;

namespace WorkflowEngine.Connectors.Tests.Salesforce;

public sealed partial class ReadTests
{
    [Fact]
    public async Task Many_askers_of_one_field_share_one_plain_query()
    {
        var org = new ScriptedOrg(_ => Rows(Contact("003000000000001AAA", "a@x"), Contact("003000000000002AAA", "B@X")));
        await using var connection = org.Connect();
        var answer = await connection.ReadAsync(Batch("Contact", ["Email"], Is("Email", "a@x"), Is("Email", "b@x"), Is("Email", "c@x")), default);

        Assert.Null(answer.CallError);
        Assert.Equal(1, answer.Calls);
        var call = Assert.Single(org.Calls);
        Assert.Equal("/services/data/v67.0/query", call.Path);
        Assert.Matches(@"^SELECT Id, SystemModstamp, Email FROM Contact WHERE Email IN \('a@x','b@x','c@x'\)$", call.Query);
        Assert.Equal(["003000000000001AAA", "003000000000002AAA", ""], answer.Items.Select(i => i.Value!.Rows.Count == 0 ? "" : (string)i.Value.Rows[0]["Id"]!));
    }

    [Fact]
    public async Task Values_come_back_in_the_types_of_the_catalogue()
    {
        var org = new ScriptedOrg(_ => Rows("""
            {"attributes":{"type":"Opportunity","url":"/x"},"Id":"006000000000001AAA","SystemModstamp":"2026-03-14T15:09:26.000+0000","Amount":1234.50,"CloseDate":"2026-03-14",
             "IsWon":true,"FiscalYear":2026,"Probability":62.5,"Description":null,"Account":{"attributes":{"type":"Account"},"Name":"Ruiz Residence","Owner":{"IsActive":false}}}
            """));
        await using var connection = org.Connect();
        var answer = await connection.ReadAsync(
            Batch("Opportunity", ["Amount", "CloseDate", "IsWon", "FiscalYear", "Probability", "Description", "Account.Name", "Account.Owner.IsActive"], Is("Id", "006000000000001AAA")), default);

        var row = Assert.Single(answer.Items[0].Value!.Rows);
        Assert.Equal(1234.50m, row["Amount"]);
        Assert.Equal("1234.50", ((decimal)row["Amount"]!).ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(new DateOnly(2026, 3, 14), row["CloseDate"]);
        Assert.Equal(new DateTimeOffset(2026, 3, 14, 15, 9, 26, TimeSpan.Zero), row["SystemModstamp"]);
        Assert.Equal(true, row["IsWon"]);
        Assert.Equal(2026L, row["FiscalYear"]);
        Assert.Equal(62.5, row["Probability"]);
        Assert.Null(row["Description"]);
        var account = Assert.IsAssignableFrom<IReadOnlyDictionary<string, object?>>(row["Account"]);
        Assert.Equal("Ruiz Residence", account["Name"]);
        Assert.Equal(false, Assert.IsAssignableFrom<IReadOnlyDictionary<string, object?>>(account["Owner"])["IsActive"]);
        Assert.False(row.ContainsKey("attributes"));
    }

    [Fact]
    public async Task Questions_too_long_for_one_address_are_split_and_every_asker_gets_its_rows()
    {
        var org = new ScriptedOrg(sent => Rows([.. Values(sent.Query).Select((v, i) => Contact($"0030000{v.Length:D3}{i:D5}AAA", v))]));
        await using var connection = org.Connect();
        var emails = Enumerable.Range(0, 900).Select(i => $"someone.with.a.rather.long.name.{i}@example.com").ToArray();
        var answer = await connection.ReadAsync(Batch("Contact", ["Email"], [.. emails.Select(e => Is("Email", e))]), default);

        Assert.True(org.Calls.Count() > 2);
        Assert.All(org.Calls, c => Assert.True(c.AddressLength <= 15_100, $"{c.AddressLength}"));
        Assert.Equal(emails, answer.Items.Select(i => (string)Assert.Single(i.Value!.Rows)["Email"]!));
    }

    [Fact]
    public async Task A_server_that_finds_the_address_too_long_is_asked_in_halves()
    {
        var org = new ScriptedOrg(sent => sent.AddressLength > 200
            ? new HttpResponseMessage((System.Net.HttpStatusCode)414)
            : Rows([.. Values(sent.Query).Select((v, i) => Contact($"00300000000000{i}AAA", v))]));
        await using var connection = org.Connect();
        var answer = await connection.ReadAsync(Batch("Contact", ["Email"], [.. Enumerable.Range(0, 12).Select(i => Is("Email", $"somebody{i}@example.com"))]), default);

        Assert.All(answer.Items, i => Assert.Single(i.Value!.Rows));
    }

    [Fact]
    public async Task One_asker_with_a_very_long_list_gets_one_answer_in_order()
    {
        var org = new ScriptedOrg(sent => Rows([.. Values(sent.Query).Order(StringComparer.Ordinal).Select(v => Contact("003" + v[..12] + "AAA", v))]));
        await using var connection = org.Connect();
        var emails = Enumerable.Range(0, 1200).Select(i => $"{i:D12}@a-long-domain.example.com").Reverse().ToArray();
        var batch = Batch("Contact", ["Email"], new FieldCondition("Email", Comparison.In, [.. emails])) with { OrderBy = [new OrderTerm("Email", true)], RowCap = 2000 };
        var answer = await connection.ReadAsync(batch, default);

        Assert.True(org.Calls.Count() > 1);
        Assert.Equal(emails, answer.Items[0].Value!.Rows.Select(r => (string)r["Email"]!));
        Assert.False(answer.Items[0].Value!.More);
    }

    [Fact]
    public async Task Pages_are_followed_on_the_instance()
    {
        var org = new ScriptedOrg(sent => sent.Path.EndsWith("/query", StringComparison.Ordinal)
            ? Json($$"""{"totalSize":2,"done":false,"nextRecordsUrl":"/services/data/v67.0/query/01gRO0000016PIAYA2-1","records":[{{Contact("003000000000001AAA", "a@x")}}]}""")
            : Rows(Contact("003000000000002AAA", "a@x")));
        await using var connection = org.Connect();
        var answer = await connection.ReadAsync(Batch("Contact", ["Email"], Is("Email", "a@x"), Is("Email", "b@x")), default);

        Assert.Equal(2, answer.Items[0].Value!.Rows.Count);
        Assert.Equal("/services/data/v67.0/query/01gRO0000016PIAYA2-1", org.Calls.Last().Path);
        Assert.Equal(2, answer.Calls);
    }

    [Theory]
    [InlineData("https://evil.example.com/services/data/v67.0/query/x")]
    [InlineData("//evil.example.com/services/data/v67.0/query/x")]
    [InlineData("/services/oauth2/token")]
    [InlineData("/services/data/../oauth2/token")]
    public async Task A_next_page_elsewhere_is_not_followed(string next)
    {
        var org = new ScriptedOrg(_ => Json($$"""{"totalSize":2,"done":false,"nextRecordsUrl":"{{next}}","records":[]}"""));
        await using var connection = org.Connect();
        var answer = await connection.ReadAsync(Batch("Contact", ["Email"], Is("Email", "a@x"), Is("Email", "b@x")), default);

        Assert.Equal("malformed", answer.CallError?.Code);
        Assert.All(org.Sent, s => Assert.Equal("acme.my.salesforce.com", s.Host));
        Assert.All(org.Calls, s => Assert.Equal("/services/data/v67.0/query", s.Path));
    }

    [Fact]
    public async Task A_hot_value_is_asked_alone_ordered_and_limited()
    {
        var org = new ScriptedOrg(sent =>
        {
            if (sent.Query.Contains("LIMIT", StringComparison.Ordinal)) return Rows([.. Enumerable.Range(0, 6).Select(i => Contact($"00300000000000{i}AAA", "hot@x"))]);
            if (!sent.Query.Contains("hot@x", StringComparison.Ordinal)) return Rows(Contact("003000000000099AAA", "cold@x"));
            var page = string.Join(',', Enumerable.Range(0, 20).Select(i => Contact($"003000000000{i:D3}AAA", "hot@x")));
            return Json($$"""{"totalSize":5000,"done":false,"nextRecordsUrl":"/services/data/v67.0/query/more","records":[{{page}}]}""");
        });
        await using var connection = org.Connect();
        var answer = await connection.ReadAsync(Batch("Contact", ["Email"], Is("Email", "hot@x"), Is("Email", "cold@x")) with { RowCap = 5 }, default);

        Assert.True(answer.Items[0].Value!.More);
        Assert.Equal(5, answer.Items[0].Value!.Rows.Count);
        Assert.Equal("003000000000099AAA", Assert.Single(answer.Items[1].Value!.Rows)["Id"]);
        Assert.Contains(org.Calls, c => c.Query.EndsWith("WHERE Email = 'hot@x' ORDER BY Id LIMIT 6", StringComparison.Ordinal));
        Assert.DoesNotContain(org.Calls, c => c.Path.EndsWith("/more", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_row_that_salesforce_finds_by_a_rule_of_its_own_still_reaches_its_asker()
    {
        // "straße" is what this org answers to "strasse": our comparison would lose the row, and the flow would make a second record.
        var org = new ScriptedOrg(sent => Rows([.. Values(sent.Query).Where(v => v is "strasse" or "weg").Select(v => $$"""{"Id":"{{(v == "weg" ? "003000000000002AAA" : "003000000000001AAA")}}","LastName":"{{(v == "weg" ? "Weg" : "straße")}}"}""")]));
        await using var connection = org.Connect();
        var answer = await connection.ReadAsync(Batch("Contact", ["LastName"], Is("LastName", "weg"), Is("LastName", "a"), Is("LastName", "strasse"), Is("LastName", "b")), default);

        Assert.Equal("003000000000001AAA", Assert.Single(answer.Items[2].Value!.Rows)["Id"]);
        Assert.Equal("003000000000002AAA", Assert.Single(answer.Items[0].Value!.Rows)["Id"]);
        Assert.Empty(answer.Items[1].Value!.Rows);
    }

    [Fact]
    public async Task Values_that_differ_only_in_case_are_asked_apart_where_case_may_matter()
    {
        var account = Entity("Account", new FieldDescriptor { Name = "Key__c", Type = FieldType.Of(FieldKind.Text), Filterable = true, Unique = true, ExternalId = true });
        var org = new ScriptedOrg(sent => Rows([.. Values(sent.Query).Where(v => v != "b").Select(_ => """{"Id":"001000000000001AAA","Key__c":"a"}""")]));
        await using var connection = org.Connect([account]);
        var answer = await connection.ReadAsync(Batch("Account", ["Key__c"], Is("Key__c", "a"), Is("Key__c", "A"), Is("Key__c", "b")), default);

        Assert.Equal(2, org.Calls.Count());
        Assert.DoesNotContain(org.Calls, c => c.Query.Contains("'a'", StringComparison.Ordinal) && c.Query.Contains("'A'", StringComparison.Ordinal));
        Assert.Equal([1, 1, 0], answer.Items.Select(i => i.Value!.Rows.Count));
    }

    [Fact]
    public async Task Questions_whose_answer_is_known_are_not_asked()
    {
        var org = new ScriptedOrg(_ => throw new InvalidOperationException("nothing was to be asked"));
        await using var connection = org.Connect();
        var answer = await connection.ReadAsync(Batch("Contact", ["Email"], new FieldCondition("Email", Comparison.In, []), Is("AccountId", "no id")), default);

        Assert.Equal(0, answer.Calls);
        Assert.All(answer.Items, i => Assert.Empty(i.Value!.Rows));
    }

    [Fact]
    public async Task One_askers_impossible_value_fails_only_that_asker()
    {
        var org = new ScriptedOrg(_ => Rows("""{"Id":"006000000000001AAA","Amount":5}"""));
        await using var connection = org.Connect();
        var answer = await connection.ReadAsync(Batch("Opportunity", ["Amount"], Is("Amount", 5m), Is("Amount", "5 OR Id != null")), default);

        Assert.Single(answer.Items[0].Value!.Rows);
        Assert.Equal(ErrorKind.Bug, answer.Items[1].Error?.Kind);
        Assert.Single(org.Calls);
    }

    [Fact]
    public async Task A_missing_field_is_a_matter_of_the_org_and_named()
    {
        var org = new ScriptedOrg(_ => Error("INVALID_FIELD", "\nSELECT Id, Tier__c FROM Contact WHERE Email = 'secret@person'\n           ^\nERROR at Row:1:Column:12\nNo such column 'Tier__c' on entity 'Contact'. If you are attempting to use a custom field, be sure to append the '__c'."));
        await using var connection = org.Connect();
        var answer = await connection.ReadAsync(Batch("Contact", ["Tier__c"], Is("Email", "secret@person"), Is("Email", "b@x")), default);

        Assert.Equal(ErrorKind.Misconfigured, answer.CallError?.Kind);
        Assert.Equal(["Tier__c"], answer.CallError!.Fields);
        Assert.StartsWith("No such column", answer.CallError.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"totalSize\":1,\"done\":tr")]
    [InlineData("{\"totalSize\":1,\"done\":true}")]
    [InlineData("[]")]
    [InlineData("<html>bad gateway</html>")]
    [InlineData("")]
    [InlineData("{\"done\":true,\"records\":[{\"Id\":{\"a\":1}}]}")]
    public async Task A_body_that_cannot_be_read_is_no_answer(string body)
    {
        var org = new ScriptedOrg(_ => Json(body));
        await using var connection = org.Connect();
        var answer = await connection.ReadAsync(Batch("Contact", ["Email"], Is("Email", "a@x"), Is("Email", "b@x")), default);

        Assert.Equal("malformed", answer.CallError?.Code);
        Assert.Equal(ErrorKind.BatchScoped, answer.CallError!.Kind);
        Assert.Equal(ErrorKind.Transient, answer.CallError.WhenAlone);
    }

    internal static ReadBatch Batch(string entity, string[] fields, params Condition[] conditions) => new() { Entity = entity, Fields = fields, Conditions = conditions };

    internal static FieldCondition Is(string path, object value) => new(path, Comparison.In, [value]);

    internal static EntityDescriptor Entity(string name, params FieldDescriptor[] more)
    {
        var known = new WorkflowEngine.Salesforce.SalesforceConnector().Descriptor.Entity(name) ?? new EntityDescriptor { Name = name, Fields = [], IdField = "Id", VersionField = "SystemModstamp", Creatable = true, Updatable = true };
        return known with { Fields = [.. known.Fields, .. more] };
    }

    private static string Contact(string id, string email) => $$"""{"attributes":{"type":"Contact"},"Id":"{{id}}","SystemModstamp":"2026-03-14T15:09:26.000+0000","Email":"{{email}}"}""";

    private static IEnumerable<string> Values(string query) => Quoted().Matches(query).Select(m => m.Groups[1].Value);

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex Quoted();
}
