using WorkflowEngine.Simulators.Faults;
using WorkflowEngine.Simulators.Tests.Salesforce;
using WorkflowEngine.Simulators.Tests.ServiceTitan;

namespace WorkflowEngine.Simulators.Tests.Faults;

public sealed class FaultTests
{
    private const string NewAccount = """{ "Name": "A" }""";

    /// <summary>Tests that turn the clock until a call ends must not outlive their session.</summary>
    private static SimulatorOptions LongSession(SimulatorOptions options) => options with { TokenLifetime = TimeSpan.FromDays(36_500) };

    private static async Task Rule(OrgFixture sf, string rule) => (await sf.Post("/_faults", rule)).Expect(200);

    private static Task<HttpReply> Create(OrgFixture sf) => sf.Post($"{OrgFixture.Root}/sobjects/Account", NewAccount);

    private static async Task<int> Accounts(OrgFixture sf) => (await sf.Get("/_records?type=Account")).Json.GetProperty("Account").GetArrayLength();

    [Theory]
    [InlineData("""{ "kind": "rateLimited", "retryAfterSeconds": 7 }""", 429, "7")]
    [InlineData("""{ "kind": "rateLimited" }""", 429, null)]
    [InlineData("""{ "kind": "unavailable" }""", 503, null)]
    [InlineData("""{ "kind": "serverError" }""", 500, null)]
    [InlineData("""{ "kind": "quota" }""", 403, null)]
    [InlineData("""{ "kind": "vendorError", "status": 409, "code": "X", "message": "y" }""", 409, null)]
    public async Task An_answer_fault_answers_and_writes_nothing(string rule, int status, string? retryAfter)
    {
        await using var sf = await OrgFixture.Start();
        await Rule(sf, rule);
        Assert.Equal(retryAfter, (await Create(sf)).Expect(status).Header("Retry-After"));
        Assert.Equal(0, await Accounts(sf));
        (await sf.Delete("/_faults")).Expect(204);
        (await Create(sf)).Expect(201);
    }

    [Fact]
    public async Task ServiceTitan_answers_faults_in_its_own_shapes()
    {
        await using var st = await TenantFixture.Start();
        (await st.Post("/_faults", """[ { "kind": "rateLimited", "retryAfterSeconds": 3, "count": 1 }, { "kind": "serverError", "count": 1 }, { "kind": "vendorError", "status": 409, "message": "Busy", "count": 1 } ]""")).Expect(200);
        Assert.Equal("Rate limit is exceeded. Try again in 3 seconds.", (await st.Get($"{TenantFixture.Crm}/customers")).Expect(429).Json.GetProperty("message").GetString());
        Assert.Equal(500, (await st.Get($"{TenantFixture.Crm}/customers")).Expect(500).Json.GetProperty("status").GetInt32());
        Assert.Equal("Busy", (await st.Get($"{TenantFixture.Crm}/customers")).Expect(409).Json.GetProperty("title").GetString());
        (await st.Get($"{TenantFixture.Crm}/customers")).Expect(200);
    }

    [Theory]
    [InlineData("reset", 0)]
    [InlineData("lostAnswer", 1)]
    public async Task A_reset_connection_gives_no_answer(string kind, int written)
    {
        await using var sf = await OrgFixture.Start();
        await Rule(sf, $$"""{ "kind": "{{kind}}", "count": 1 }""");
        await Assert.ThrowsAsync<HttpRequestException>(() => Create(sf));
        Assert.Equal(written, await Accounts(sf));
        Assert.Equal(1, (await sf.Get("/_stats")).Json.GetProperty("faults").GetProperty(kind).GetInt32());
    }

    [Theory]
    [InlineData("timeoutBefore", 0)]
    [InlineData("timeoutAfter", 1)]
    public async Task A_held_connection_is_reset_when_the_virtual_time_is_over(string kind, int written)
    {
        await using var sf = await OrgFixture.Start(LongSession);
        await Rule(sf, $$"""{ "kind": "{{kind}}", "delayMs": 30000, "count": 1 }""");
        var create = Create(sf);
        while (!create.IsCompleted)
        {
            sf.Time.Advance(TimeSpan.FromSeconds(31));
            await Task.Yield();
        }

        await Assert.ThrowsAsync<HttpRequestException>(() => create);
        Assert.Equal(written, await Accounts(sf));
    }

    [Fact]
    public async Task A_held_connection_ends_when_the_client_leaves()
    {
        await using var sf = await OrgFixture.Start();
        sf.Simulator.Faults.Add(new FaultRule { Kind = FaultKind.TimeoutAfter, Count = 1 });
        using var leave = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{OrgFixture.Root}/sobjects/Account") { Content = new StringContent(NewAccount) };
        request.Headers.Authorization = new("Bearer", sf.Token);
        var sending = sf.Http.SendAsync(request, leave.Token);
        while (await Accounts(sf) == 0)
        {
            await Task.Yield();
        }

        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        (await Create(sf)).Expect(201);
        Assert.Equal(2, await Accounts(sf));
    }

    [Fact]
    public async Task A_malformed_answer_comes_after_the_write_and_is_no_json()
    {
        await using var sf = await OrgFixture.Start();
        await Rule(sf, """[ { "kind": "malformed", "count": 1 }, { "kind": "malformed", "nth": 2, "body": "<html>" } ]""");
        var cut = (await Create(sf)).Expect(201);
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => cut.Json);
        Assert.Equal("<html>", (await Create(sf)).Text);
        Assert.Equal(2, await Accounts(sf));
    }

    [Fact]
    public async Task A_slow_answer_waits_for_the_clock()
    {
        await using var sf = await OrgFixture.Start(LongSession);
        await Rule(sf, """{ "kind": "slow", "delayMs": 5000 }""");
        var create = Create(sf);
        Assert.Equal(0, await Accounts(sf));
        while (!create.IsCompleted)
        {
            sf.Time.Advance(TimeSpan.FromSeconds(6));
            await Task.Yield();
        }

        (await create).Expect(201);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5_000)]
    public async Task Every_answer_takes_the_latency_of_the_options(int latency)
    {
        await using var sf = await OrgFixture.Start(o => LongSession(o) with { LatencyMs = latency }, signIn: false);
        var before = sf.Time.GetUtcNow();
        var token = sf.AskToken();
        while (latency > 0 && !token.IsCompleted)
        {
            sf.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        (await token).Expect(200);
        Assert.True(sf.Time.GetUtcNow() - before >= TimeSpan.FromMilliseconds(latency));
    }

    [Fact]
    public async Task An_expired_token_stays_expired()
    {
        await using var sf = await OrgFixture.Start();
        await Rule(sf, """{ "kind": "expiredToken", "count": 1 }""");
        (await Create(sf)).Expect(401);
        (await Create(sf)).Expect(401);
        await sf.SignIn();
        (await Create(sf)).Expect(201);
        Assert.Equal(1, await Accounts(sf));
    }

    [Fact]
    public async Task The_token_endpoint_is_struck_only_by_name()
    {
        await using var sf = await OrgFixture.Start();
        await Rule(sf, """{ "kind": "serverError" }""");
        (await sf.AskToken()).Expect(200);
        await Rule(sf, """{ "kind": "unavailable", "path": "/services/oauth2/token" }""");
        (await sf.AskToken()).Expect(503);
    }

    [Fact]
    public async Task A_rule_strikes_by_method_path_and_number()
    {
        await using var sf = await OrgFixture.Start();
        await Rule(sf, """{ "kind": "serverError", "method": "POST", "path": "*/sobjects/Account", "nth": 2, "count": 2 }""");
        int[] statuses = [(await Create(sf)).Status, (await sf.Get($"{OrgFixture.Root}/limits")).Status, (await Create(sf)).Status, (await Create(sf)).Status, (await Create(sf)).Status];
        Assert.Equal([201, 200, 500, 500, 201], statuses);
    }

    [Fact]
    public async Task Chance_depends_on_the_seed_alone()
    {
        async Task<string> Statuses(int seed)
        {
            await using var sf = await OrgFixture.Start(o => o with { Seed = seed });
            await Rule(sf, """{ "kind": "serverError", "probability": 0.5 }""");
            var statuses = "";
            for (var i = 0; i < 40; i++)
            {
                statuses += (await sf.Get($"{OrgFixture.Root}/limits")).Status == 500 ? "x" : ".";
            }

            return statuses;
        }

        var first = await Statuses(1);
        Assert.Equal(first, await Statuses(1));
        Assert.NotEqual(first, await Statuses(2));
        Assert.InRange(first.Count(c => c == 'x'), 5, 35);
    }

    [Fact]
    public async Task Rows_are_struck_by_the_value_of_a_field()
    {
        await using var sf = await OrgFixture.Start();
        await Rule(sf, """
            [ { "kind": "rowLock", "field": "Name", "value": "locked", "count": 1 },
              { "kind": "vendorError", "field": "Key__c", "value": "3", "code": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "message": "Not on Mondays" } ]
            """);
        const string Rows = """
            { "records": [ { "attributes": { "type": "Account" }, "Name": "free", "Key__c": "1" },
                           { "attributes": { "type": "Account" }, "Name": "locked", "Key__c": "2" },
                           { "attributes": { "type": "Account" }, "Name": "poisoned", "Key__c": "3" } ] }
            """;
        var path = $"{OrgFixture.Root}/composite/sobjects/Account/Key__c";
        Assert.Equal([null, "UNABLE_TO_LOCK_ROW", "FIELD_CUSTOM_VALIDATION_EXCEPTION"], OrgFixture.Codes(await sf.Patch(path, Rows)));
        Assert.Equal([null, null, "FIELD_CUSTOM_VALIDATION_EXCEPTION"], OrgFixture.Codes(await sf.Patch(path, Rows)));
    }

    [Fact]
    public async Task A_late_commit_is_visible_when_its_time_has_come()
    {
        await using var st = await TenantFixture.Start();
        (await st.Post("/_faults", """{ "kind": "lateCommit", "method": "POST", "delayMs": 60000, "count": 1 }""")).Expect(200);
        var id = await st.Create("Late");
        (await st.Get($"{TenantFixture.Crm}/customers/{id}")).Expect(404);
        st.Time.Advance(TimeSpan.FromMinutes(1));
        (await st.Get($"{TenantFixture.Crm}/customers/{id}")).Expect(200);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_writes_to_children_of_one_parent_lock_each_other_out_where_the_org_is_set_so(bool locks)
    {
        await using var sf = await OrgFixture.Start(o => locks ? LongSession(o) with { ParentLocks = true } : LongSession(o));
        var account = await sf.Create("Account", NewAccount);
        Task<HttpReply> Contact() => sf.Post($"{OrgFixture.Root}/sobjects/Contact", $$"""{ "LastName": "R", "AccountId": "{{account}}" }""");
        await Rule(sf, """{ "kind": "timeoutAfter", "delayMs": 1000, "count": 1 }""");
        var held = Contact();
        while ((await sf.Get("/_records?type=Contact")).Json.GetProperty("Contact").GetArrayLength() == 0)
        {
            await Task.Yield();
        }

        var second = await Contact();
        if (locks) Assert.Equal("UNABLE_TO_LOCK_ROW", OrgFixture.Code(second.Expect(400)));
        else second.Expect(201);
        while (!held.IsCompleted)
        {
            sf.Time.Advance(TimeSpan.FromSeconds(2));
            await Task.Yield();
        }

        await Assert.ThrowsAsync<HttpRequestException>(() => held);
        (await Contact()).Expect(201);
    }

    [Fact]
    public async Task Rules_are_listed_with_their_strikes_and_removed_by_number()
    {
        await using var sf = await OrgFixture.Start();
        await Rule(sf, """[ { "kind": "slow", "path": "/nowhere" }, { "kind": "serverError" } ]""");
        (await Create(sf)).Expect(500);
        var rules = (await sf.Get("/_faults")).Json;
        Assert.Equal(1, rules[1].GetProperty("struck").GetInt32());
        (await sf.Delete($"/_faults/{rules[1].GetProperty("number")}")).Expect(204);
        (await sf.Delete("/_faults/99")).Expect(404);
        (await Create(sf)).Expect(201);
    }

    [Fact]
    public async Task Statistics_count_calls_by_kind_and_rows_and_leave_controls_out()
    {
        await using var sf = await OrgFixture.Start();
        await Create(sf);
        await sf.Query("SELECT Id FROM Account");
        var stats = (await sf.Get("/_stats")).Json;
        Assert.Equal(3, stats.GetProperty("total").GetInt32());
        Assert.Equal(1, stats.GetProperty("calls").GetProperty("rows.create").GetInt32());
        Assert.Equal(1, stats.GetProperty("rows").GetProperty("Account.created").GetInt32());
        Assert.Equal("query", Assert.Single((await sf.Get("/_calls?kind=query")).Json.EnumerateArray()).GetProperty("kind").GetString());
        (await sf.Delete("/_stats")).Expect(204);
        Assert.Equal(0, (await sf.Get("/_stats")).Json.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task A_reset_begins_anew_with_the_same_ids()
    {
        await using var sf = await OrgFixture.Start();
        var id = await sf.Create("Account", NewAccount);
        (await sf.Post("/_reset", "")).Expect(204);
        (await Create(sf)).Expect(401);
        await sf.SignIn();
        Assert.Equal(id, await sf.Create("Account", NewAccount));
    }
}
