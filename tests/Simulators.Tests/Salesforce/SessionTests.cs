using System.Text;
using WorkflowEngine.Simulators.Salesforce;
using static WorkflowEngine.Simulators.Tests.Salesforce.OrgFixture;

namespace WorkflowEngine.Simulators.Tests.Salesforce;

public sealed class SessionTests
{
    [Fact]
    public async Task The_token_names_its_own_address_and_the_org()
    {
        await using var sf = await OrgFixture.Start(signIn: false);
        var token = (await sf.AskToken()).Expect(200).Json;
        Assert.Equal(sf.Http.BaseAddress!.ToString().TrimEnd('/'), token.GetProperty("instance_url").GetString());
        Assert.StartsWith(sf.Simulator.OrganizationId[..15] + "!", token.GetProperty("access_token").GetString(), StringComparison.Ordinal);
        Assert.False(token.TryGetProperty("expires_in", out _));
    }

    [Theory]
    [InlineData("other", "demo-secret", "invalid_client_id")]
    [InlineData("3MVG9.demo", "wrong", "invalid_client")]
    public async Task Any_other_client_is_refused(string id, string secret, string error)
    {
        await using var sf = await OrgFixture.Start(signIn: false);
        Assert.Equal(error, (await sf.AskToken(id, secret)).Expect(400).Json.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Refresh_and_basic_authentication_work_and_a_foreign_refresh_token_is_an_invalid_grant()
    {
        await using var sf = await OrgFixture.Start(signIn: false);
        (string, string)[] client = [("client_id", SalesforceSimulator.ClientId), ("client_secret", SalesforceSimulator.ClientSecret)];
        (await sf.Form("/services/oauth2/token", [("grant_type", "refresh_token"), ("refresh_token", SalesforceSimulator.RefreshToken), .. client])).Expect(200);
        Assert.Equal("invalid_grant", (await sf.Form("/services/oauth2/token", [("grant_type", "refresh_token"), ("refresh_token", "x"), .. client])).Expect(400).Json.GetProperty("error").GetString());
        Assert.Equal("unsupported_grant_type", (await sf.Form("/services/oauth2/token", ("grant_type", "magic"))).Expect(400).Json.GetProperty("error").GetString());
        using var request = new HttpRequestMessage(HttpMethod.Post, "/services/oauth2/token") { Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]) };
        request.Headers.TryAddWithoutValidation("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{SalesforceSimulator.ClientId}:{SalesforceSimulator.ClientSecret}")));
        Assert.Equal(200, (int)(await sf.Http.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task A_jwt_assertion_is_taken_until_it_expires()
    {
        await using var sf = await OrgFixture.Start(signIn: false);
        string Assertion(long exp) => "e30." + Convert.ToBase64String(Encoding.UTF8.GetBytes(
            $$"""{"iss":"{{SalesforceSimulator.ClientId}}","sub":"integration@demo.example","aud":"https://login.salesforce.com","exp":{{exp}}}""")).TrimEnd('=').Replace('+', '-').Replace('/', '_') + ".sig";
        Task<HttpReply> Ask(string assertion) => sf.Form("/services/oauth2/token", ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", assertion));
        var now = sf.Time.GetUtcNow().ToUnixTimeSeconds();
        (await Ask(Assertion(now + 180))).Expect(200);
        Assert.Equal("invalid_grant", (await Ask(Assertion(now))).Expect(400).Json.GetProperty("error").GetString());
        (await Ask("nonsense")).Expect(400);
        (await Ask("a.b.c")).Expect(400);
    }

    [Fact]
    public async Task A_session_ends_two_hours_after_its_last_use()
    {
        await using var sf = await OrgFixture.Start();
        sf.Time.Advance(TimeSpan.FromMinutes(119));
        (await sf.Get($"{Root}/limits")).Expect(200);
        sf.Time.Advance(TimeSpan.FromMinutes(119));
        (await sf.Get($"{Root}/limits")).Expect(200);
        sf.Time.Advance(TimeSpan.FromMinutes(120));
        var reply = (await sf.Get($"{Root}/limits")).Expect(401);
        Assert.Equal("INVALID_SESSION_ID", Code(reply));
        Assert.Equal("Session expired or invalid", Message(reply));
    }

    [Fact]
    public async Task Calls_are_counted_in_a_header_and_refused_over_the_daily_limit()
    {
        await using var sf = await OrgFixture.Start(o => o with { DailyApiLimit = 2, TokenLifetime = TimeSpan.FromDays(9) });
        (await sf.Get("/services/data")).Expect(200);
        Assert.Equal("api-usage=1/2", (await sf.Get($"{Root}/limits")).Expect(200).Header("Sforce-Limit-Info"));
        Assert.Equal(0, (await sf.Get($"{Root}/limits")).Json.GetProperty("DailyApiRequests").GetProperty("Remaining").GetInt32());
        Assert.Equal("REQUEST_LIMIT_EXCEEDED", Code((await sf.Get($"{Root}/limits")).Expect(403)));
        sf.Time.Advance(TimeSpan.FromHours(24));
        (await sf.Get($"{Root}/limits")).Expect(200);
    }

    [Theory]
    [InlineData("/services/data/v20.0/limits", 410, "GONE")]
    [InlineData("/services/data/v67.0/nothing", 404, "NOT_FOUND")]
    [InlineData("/services/data/67/limits", 404, "NOT_FOUND")]
    [InlineData("/services/data/v67.0/sobjects/Nothing/describe", 404, "NOT_FOUND")]
    public async Task Wrong_addresses_answer_in_the_vendors_shape(string path, int status, string code)
    {
        await using var sf = await OrgFixture.Start();
        Assert.Equal(code, Code((await sf.Get(path)).Expect(status)));
    }

    [Fact]
    public async Task A_wrong_verb_is_a_405_and_a_too_long_address_a_414()
    {
        await using var sf = await OrgFixture.Start();
        (await sf.Send(HttpMethod.Put, $"{Root}/sobjects/Account", "{}")).Expect(405);
        (await sf.Get($"{Root}/query?q={new string('x', 17_000)}")).Expect(414);
    }

    [Fact]
    public async Task Any_version_is_answered_and_echoed()
    {
        await using var sf = await OrgFixture.Start();
        await sf.Create("Account", """{ "Name": "A" }""");
        var url = (await sf.Get("/services/data/v58.0/query?q=SELECT+Id+FROM+Account")).Expect(200).Json.GetProperty("records")[0].GetProperty("attributes").GetProperty("url").GetString();
        Assert.StartsWith("/services/data/v58.0/sobjects/Account/001", url, StringComparison.Ordinal);
        Assert.Contains((await sf.Get("/services/data")).Json.EnumerateArray(), v => v.GetProperty("version").GetString() == "67.0" && v.GetProperty("label").GetString() == "Summer '26");
    }
}
