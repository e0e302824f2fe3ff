using static WorkflowEngine.Simulators.Tests.Salesforce.OrgFixture;

namespace WorkflowEngine.Simulators.Tests.Salesforce;

public sealed class QueryTests
{
    private static async Task<OrgFixture> Org()
    {
        var sf = await OrgFixture.Start(o => o with { TokenLifetime = TimeSpan.FromDays(9) });
        await sf.Create("Account", """{ "Name": "O'Brien, Sean & Kate", "Key__c": "1", "Phone": "208", "Money__c": 5, "Active__c": true }""");
        sf.Time.Advance(TimeSpan.FromMinutes(1));
        await sf.Create("Account", """{ "Name": "Acme 100% \\ Sons_", "Key__c": "2", "Money__c": 10 }""");
        sf.Time.Advance(TimeSpan.FromDays(1));
        await sf.Create("Account", """{ "Name": "line\nbreak \"q\"", "Key__c": "3" }""");
        return sf;
    }

    [Fact]
    public async Task A_record_that_is_told_again_later_comes_once_to_who_asks_for_what_changed()
    {
        await using var sf = await Org();
        const string Changed = "SELECT Id, Phone FROM Account ORDER BY SystemModstamp, Id";
        var id = sf.Simulator.Records("Account", "Id", "Key__c").Single(a => a["Key__c"] == "3")["Id"]!;
        sf.Simulator.RepeatLater(id, TimeSpan.FromMinutes(1));
        sf.Time.Advance(TimeSpan.FromMinutes(1));
        sf.Simulator.EditRecord(id, new Dictionary<string, object?> { ["Phone"] = "209" });
        Assert.Equal("208,,209", await Phones("SELECT Id, Phone FROM Account ORDER BY Key__c"));
        Assert.Equal("208,,209,", await Phones(Changed));
        Assert.Equal("208,,209", await Phones(Changed));

        async Task<string> Phones(string query) => string.Join(',', (await sf.Query(query)).Expect(200).Json.GetProperty("records").EnumerateArray().Select(r => r.GetProperty("Phone").GetString()));
    }

    [Theory]
    [InlineData("Key__c = '1'", "1")]
    [InlineData("Name = 'o\\'brien, sean & kate'", "1")]
    [InlineData("Name = 'Acme 100% \\\\ Sons_'", "2")]
    [InlineData("Name = 'line\\nbreak \\\"q\\\"'", "3")]
    [InlineData("Name = '\\u004f\\'Brien, Sean & Kate'", "1")]
    [InlineData("Name LIKE 'acme%'", "2")]
    [InlineData("Name LIKE '%100\\%%'", "2")]
    [InlineData("Name LIKE '%Sons\\_'", "2")]
    [InlineData("Name LIKE '%\\\\%'", "2")]
    [InlineData("Name LIKE '_cme%'", "2")]
    [InlineData("Name LIKE 'acme'", "")]
    [InlineData("Phone = null", "2,3")]
    [InlineData("Phone != null", "1")]
    [InlineData("Phone = ''", "2,3")]
    [InlineData("Phone != '208'", "2,3")]
    [InlineData("Key__c IN ('3', '1', '9')", "1,3")]
    [InlineData("Key__c NOT IN ('3')", "1,2")]
    [InlineData("Phone NOT IN ('208')", "2,3")]
    [InlineData("Money__c >= 5 AND Money__c < 10", "1")]
    [InlineData("(Key__c = '1' OR Key__c = '2') AND (NOT Active__c = TRUE)", "2")]
    [InlineData("NOT (Key__c = '1' OR Key__c = '2')", "3")]
    [InlineData("CreatedDate >= 2026-09-14T20:01:00Z AND CreatedDate < 2026-09-14T22:30:00+02:00", "2")]
    [InlineData("CreatedDate = TODAY", "3")]
    [InlineData("CreatedDate < TODAY", "1,2")]
    [InlineData("CreatedDate = LAST_N_DAYS:1", "1,2,3")]
    [InlineData("Owner.IsActive = true AND owner.name LIKE 'Integration%'", "1,2,3")]
    [InlineData("Account.Key__c = '2'", "2")]
    [InlineData("Id IN (SELECT AccountId FROM Contact)", "")]
    [InlineData("Id NOT IN (SELECT AccountId FROM Contact WHERE LastName = 'x')", "1,2,3")]
    public async Task Conditions_find_what_they_say(string where, string keys)
    {
        await using var sf = await Org();
        Assert.Equal(keys, string.Join(',', await sf.Values($"select Key__c from account where {where}", "Key__c")));
    }

    [Theory]
    [InlineData("SELECT Id, Nope__c FROM Account", "INVALID_FIELD", "No such column 'Nope__c' on entity 'Account'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name.")]
    [InlineData("SELECT Id FROM Nope", "INVALID_TYPE", "sObject type 'Nope' is not supported.")]
    [InlineData("SELECT Id FROM Contact WHERE Konto.Name = 'x'", "INVALID_FIELD", "Didn't understand relationship 'Konto' in field path.")]
    [InlineData("SELECT FROM Account", "MALFORMED_QUERY", "unexpected token: 'FROM'")]
    [InlineData("SELECT Id FROM Account WHERE", "MALFORMED_QUERY", "unexpected token: '<EOF>'")]
    [InlineData("SELECT Id FROM Account WHERE Name = 'a", "MALFORMED_QUERY", "unexpected token")]
    [InlineData("SELECT Id FROM Account WHERE Name = 'a' AND Name = 'b' OR Name = 'c'", "MALFORMED_QUERY", "unexpected token: 'OR'")]
    [InlineData("SELECT Id FROM Account WHERE Name = 'a\\x'", "MALFORMED_QUERY", "Illegal character sequence")]
    [InlineData("SELECT Id FROM Account WHERE Name = 'a\\%'", "MALFORMED_QUERY", "Illegal character sequence")]
    [InlineData("SELECT Id FROM Account WHERE Money__c = '5'", "INVALID_FIELD", "value of filter criterion for field 'Money__c' must be of type double and should not be enclosed in quotes")]
    [InlineData("SELECT Id FROM Account WHERE Name = 5", "INVALID_FIELD", "must be of type string and should be enclosed in quotes")]
    [InlineData("SELECT Id FROM Account WHERE CreatedDate = 2026-09-14", "INVALID_FIELD", "must be of type dateTime")]
    [InlineData("SELECT Id FROM Account WHERE Description = 'x'", "INVALID_FIELD", "field 'Description' can not be filtered in a query call")]
    [InlineData("SELECT Id FROM Account WHERE Money__c LIKE '5%'", "INVALID_QUERY_FILTER_OPERATOR", "invalid operator")]
    [InlineData("SELECT Id FROM Account LIMIT x", "MALFORMED_QUERY", "unexpected token: 'x'")]
    [InlineData("SELECT Id FROM Account OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE", "2000")]
    [InlineData("SELECT Id FROM Account; DROP", "MALFORMED_QUERY", "unexpected token: ';'")]
    [InlineData("", "MALFORMED_QUERY", "")]
    public async Task A_bad_query_is_refused_in_the_vendors_words(string soql, string code, string message)
    {
        await using var sf = await OrgFixture.Start();
        var reply = (await sf.Query(soql)).Expect(400);
        Assert.Equal(code, Code(reply));
        Assert.Contains(message, Message(reply), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_points_at_its_column()
    {
        await using var sf = await OrgFixture.Start();
        Assert.Contains("ERROR at Row:1:Column:12", Message(await sf.Query("SELECT Id, Nope__c FROM Account")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hostile_queries_end_quickly()
    {
        await using var sf = await Org();
        string Nested(int depth) => $"SELECT Id FROM Account WHERE {new string('(', depth)}Name = 'a'{new string(')', depth)}";
        (await sf.Query(Nested(60))).Expect(200);
        (await sf.Query(Nested(2_000))).Expect(400);
        (await sf.Query($"SELECT Id FROM Account WHERE {string.Concat(Enumerable.Repeat("NOT ", 2_000))}Name = 'a'")).Expect(400);
        (await sf.Query($"SELECT Id FROM Account WHERE Name LIKE '{string.Concat(Enumerable.Repeat("%a", 500))}'")).Expect(200);
    }

    [Fact]
    public async Task Orders_limits_and_counts()
    {
        await using var sf = await Org();
        Assert.Equal(["2", "1", "3"], await sf.Values("SELECT Key__c FROM Account ORDER BY Money__c DESC NULLS LAST", "Key__c"));
        Assert.Equal(["3", "1", "2"], await sf.Values("SELECT Key__c FROM Account ORDER BY Money__c", "Key__c"));
        Assert.Equal(["2"], await sf.Values("SELECT Key__c FROM Account ORDER BY Key__c LIMIT 1 OFFSET 1", "Key__c"));
        Assert.Equal(["3", "2", "1"], await sf.Values("SELECT Key__c FROM Account ORDER BY Owner.Name, CreatedDate DESC", "Key__c"));
        var count = (await sf.Query("SELECT COUNT() FROM Account WHERE Money__c > 1")).Json;
        Assert.Equal(2, count.GetProperty("totalSize").GetInt32());
        Assert.Equal(0, count.GetProperty("records").GetArrayLength());
    }

    [Fact]
    public async Task Parents_and_children_come_nested()
    {
        await using var sf = await Org();
        await sf.Create("Contact", """{ "LastName": "Ruiz", "Account": { "Key__c": "1" } }""");
        await sf.Create("Contact", """{ "LastName": "Alone" }""");
        var contacts = (await sf.Query("SELECT LastName, account.name, Account.Owner.Name FROM Contact ORDER BY LastName")).Expect(200).Json.GetProperty("records");
        Assert.Equal(System.Text.Json.JsonValueKind.Null, contacts[0].GetProperty("Account").ValueKind);
        Assert.Equal("O'Brien, Sean & Kate", contacts[1].GetProperty("Account").GetProperty("Name").GetString());
        Assert.Equal("Integration User", contacts[1].GetProperty("Account").GetProperty("Owner").GetProperty("Name").GetString());
        var accounts = (await sf.Query("SELECT Id, (SELECT LastName FROM Contacts WHERE LastName != null) FROM Account ORDER BY Key__c")).Expect(200).Json.GetProperty("records");
        Assert.Equal("Ruiz", accounts[0].GetProperty("Contacts").GetProperty("records")[0].GetProperty("LastName").GetString());
        Assert.Equal(System.Text.Json.JsonValueKind.Null, accounts[1].GetProperty("Contacts").ValueKind);
    }

    [Fact]
    public async Task Children_that_do_not_fit_are_pages_of_their_own()
    {
        await using var sf = await OrgFixture.Start(o => o with { QueryPageSize = 2 });
        var id = await sf.Create("Account", """{ "Name": "Ruiz" }""");
        for (var i = 0; i < 5; i++) await sf.Create("Contact", $$"""{ "LastName": "C{{i}}", "AccountId": "{{id}}" }""");
        var list = (await sf.Query("SELECT Id, (SELECT LastName FROM Contacts ORDER BY LastName) FROM Account")).Expect(200).Json.GetProperty("records")[0].GetProperty("Contacts");
        Assert.Equal((5, false), (list.GetProperty("totalSize").GetInt32(), list.GetProperty("done").GetBoolean()));
        List<string?> names = [];
        while (true)
        {
            names.AddRange(list.GetProperty("records").EnumerateArray().Select(r => r.GetProperty("LastName").GetString()));
            if (list.GetProperty("done").GetBoolean()) break;
            list = (await sf.Get(list.GetProperty("nextRecordsUrl").GetString()!)).Expect(200).Json;
        }

        Assert.Equal(["C0", "C1", "C2", "C3", "C4"], names);
    }

    [Theory]
    [InlineData("Name = 'x' OR Id IN (SELECT AccountId FROM Contact)", "not allowed with the 'OR' operator")]
    [InlineData("Name = 'x' OR (Name = 'y' AND Id NOT IN (SELECT AccountId FROM Contact))", "not allowed with the 'OR' operator")]
    [InlineData("Id IN (SELECT AccountId FROM Contact) AND Id IN (SELECT AccountId FROM Case) AND Id IN (SELECT AccountId FROM Opportunity)", "At most two")]
    public async Task Queries_inside_a_condition_have_their_bounds(string where, string words)
    {
        await using var sf = await OrgFixture.Start();
        var reply = (await sf.Query($"SELECT Id FROM Account WHERE {where}")).Expect(400);
        Assert.Equal("MALFORMED_QUERY", OrgFixture.Code(reply));
        Assert.Contains(words, OrgFixture.Message(reply), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_are_followed_by_their_address_and_die_after_two_days()
    {
        await using var sf = await OrgFixture.Start(o => o with { QueryPageSize = 2, TokenLifetime = TimeSpan.FromDays(9) });
        for (var i = 0; i < 5; i++)
        {
            await sf.Create("Account", $$"""{ "Name": "A{{i}}" }""");
        }

        var page = (await sf.Query("SELECT Name FROM Account ORDER BY Name")).Json;
        List<string?> names = [];
        var next = "";
        for (; ; page = (await sf.Get(next)).Expect(200).Json)
        {
            Assert.Equal(5, page.GetProperty("totalSize").GetInt32());
            names.AddRange(page.GetProperty("records").EnumerateArray().Select(r => r.GetProperty("Name").GetString()));
            if (page.GetProperty("done").GetBoolean())
            {
                break;
            }

            next = page.GetProperty("nextRecordsUrl").GetString()!;
        }

        Assert.Equal(["A0", "A1", "A2", "A3", "A4"], names);
        Assert.StartsWith($"{Root}/query/01g", next, StringComparison.Ordinal);
        sf.Time.Advance(TimeSpan.FromDays(2));
        Assert.Equal("INVALID_QUERY_LOCATOR", Code((await sf.Get(next)).Expect(400)));
        Assert.Equal("INVALID_QUERY_LOCATOR", Code((await sf.Get($"{Root}/query/nonsense")).Expect(400)));
    }

    [Fact]
    public async Task The_batch_size_is_a_wish_between_200_and_2000()
    {
        await using var sf = await OrgFixture.Start();
        (await sf.Post("/_people/Account", $"[{string.Join(',', Enumerable.Range(0, 250).Select(i => $$"""{ "Name": "A{{i}}" }"""))}]")).Expect(200);
        var page = (await sf.Query("SELECT Id FROM Account", ("Sforce-Query-Options", "batchSize=1"))).Json;
        Assert.Equal(200, page.GetProperty("records").GetArrayLength());
        Assert.True((await sf.Query("SELECT Id FROM Account")).Json.GetProperty("done").GetBoolean());
    }

    [Fact]
    public async Task Late_records_hide_from_reads_but_not_from_unique_keys()
    {
        await using var sf = await OrgFixture.Start(o => o with { LateVisibility = TimeSpan.FromMinutes(1) });
        var id = await sf.Create("Account", """{ "Name": "A", "Key__c": "1" }""");
        Assert.Empty(await sf.Values("SELECT Id FROM Account WHERE Key__c = '1'", "Id"));
        (await sf.Get($"{Root}/sobjects/Account/{id}")).Expect(404);
        Assert.Equal("DUPLICATE_VALUE", Code(await sf.Post($"{Root}/sobjects/Account", """{ "Name": "B", "Key__c": "1" }""")));
        sf.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([id], await sf.Values("SELECT Id FROM Account WHERE Key__c = '1'", "Id"));
    }
}
