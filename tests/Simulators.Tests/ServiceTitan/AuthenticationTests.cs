using static WorkflowEngine.Simulators.Tests.ServiceTitan.TenantFixture;

namespace WorkflowEngine.Simulators.Tests.ServiceTitan;

public sealed class AuthenticationTests
{
    [Fact]
    public async Task A_token_lasts_fifteen_minutes_of_the_virtual_clock()
    {
        await using var st = await TenantFixture.Start();
        Assert.Equal(900, (await st.AskToken()).Json.GetProperty("expires_in").GetInt32());
        (await st.Get($"{Crm}/customers")).Expect(200);
        (await st.Post("/_clock", """{ "advanceSeconds": 899 }""")).Expect(200);
        (await st.Get($"{Crm}/customers")).Expect(200);
        (await st.Post("/_clock", """{ "advanceSeconds": 1 }""")).Expect(200);
        (await st.Get($"{Crm}/customers")).Expect(401);
        await st.SignIn();
        (await st.Get($"{Crm}/customers")).Expect(200);
    }

    [Theory]
    [InlineData("cid.other", "cs1.demo")]
    [InlineData("cid.demo", "cs1.wrong")]
    [InlineData(" cid.demo", "cs1.demo")]
    public async Task Any_other_client_is_invalid(string id, string secret)
    {
        await using var st = await TenantFixture.Start(signIn: false);
        Assert.Equal("invalid_client", (await st.AskToken(id, secret)).Expect(400).Json.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Only_form_bodies_and_client_credentials_get_a_token()
    {
        await using var st = await TenantFixture.Start(signIn: false);
        Assert.Equal("invalid_request", (await st.Post("/connect/token", "{}")).Expect(400).Json.GetProperty("error").GetString());
        Assert.Equal("unsupported_grant_type", (await st.Form("/connect/token", ("grant_type", "password"))).Expect(400).Json.GetProperty("error").GetString());
    }

    [Fact]
    public async Task The_token_is_accepted_without_the_word_bearer()
    {
        await using var st = await TenantFixture.Start();
        (await st.Get($"{Crm}/customers", ("Authorization", st.Token!))).Expect(200);
    }

    [Fact]
    public async Task A_missing_or_foreign_application_key_is_refused_by_the_gateway()
    {
        await using var st = await TenantFixture.Start();
        var reply = (await st.Get($"{Crm}/customers", ("ST-App-Key", "ak1.other"))).Expect(401);
        Assert.Equal(401, reply.Json.GetProperty("statusCode").GetInt32());
        (await st.Get($"{Crm}/customers", ("ST-App-Key", ""))).Expect(401);
        (await st.Get($"{Crm}/customers?servicetitanapplicationkey=ak1.demo", ("ST-App-Key", ""))).Expect(401);
    }

    [Theory]
    [InlineData("GET", "/crm/v2/tenant/abc/customers")]
    [InlineData("PUT", "/crm/v2/tenant/1/customers")]
    [InlineData("GET", "/crm/v1/tenant/1/customers")]
    [InlineData("GET", "/accounting/v2/tenant/1/payments/5")]
    public async Task An_unpublished_path_or_verb_is_a_gateway_answer(string method, string path)
    {
        await using var st = await TenantFixture.Start();
        var reply = (await st.Send(new HttpMethod(method), path)).Expect(404);
        Assert.Equal("Unable to match incoming request to an operation.", reply.Json.GetProperty("message").GetString());
        Assert.False(reply.Json.TryGetProperty("traceId", out _));
    }

    [Fact]
    public async Task The_rate_limit_answers_429_until_the_clock_moves()
    {
        await using var st = await TenantFixture.Start(o => o with { Rate = 3 });
        for (var i = 0; i < 3; i++)
        {
            (await st.Get($"{Crm}/customers")).Expect(200);
        }

        Assert.Equal("1", (await st.Get($"{Crm}/customers")).Expect(429).Header("Retry-After"));
        st.Time.Advance(TimeSpan.FromSeconds(1));
        (await st.Get($"{Crm}/customers")).Expect(200);
    }

    [Fact]
    public async Task The_wait_is_not_named_when_switched_off()
    {
        await using var st = await TenantFixture.Start(o => o with { Rate = 1, RetryAfter = false });
        (await st.Get($"{Crm}/customers")).Expect(200);
        Assert.Null((await st.Get($"{Crm}/customers")).Expect(429).Header("Retry-After"));
    }
}
