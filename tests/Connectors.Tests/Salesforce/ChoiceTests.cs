using System.Security.Cryptography;
using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Salesforce;
using static WorkflowEngine.Connectors.Tests.Salesforce.ReadTests;
using static WorkflowEngine.Connectors.Tests.Salesforce.ScriptedOrg;

namespace WorkflowEngine.Connectors.Tests.Salesforce;

/// <summary>What no source decides is a setting: each as it is by default and as another says. Changes by poll and by event are in PollTests and ChangeFeedTests, phones in PhoneFieldTests, options in WriteTests.</summary>
public sealed class ChoiceTests
{
    [Theory]
    [InlineData(null, "/services/data/v67.0/query")]
    [InlineData("58.0", "/services/data/v58.0/query")]
    public async Task The_version_is_pinned(string? version, string path)
    {
        var org = new ScriptedOrg(_ => Rows());
        await using var connection = org.Connect(settings: version is null ? [] : new() { ["apiVersion"] = version });
        await connection.ReadAsync(Batch("Contact", ["Email"], Is("Email", "a@x")), default);
        Assert.Equal(path, Assert.Single(org.Calls).Path);
    }

    [Theory]
    [InlineData(null, "client=workflow-engine")]
    [InlineData("acme-sync", "client=acme-sync")]
    public async Task Our_writes_carry_the_name_of_the_setting(string? name, string header)
    {
        var org = new ScriptedOrg(_ => Rows());
        await using var connection = org.Connect(settings: name is null ? [] : new() { ["clientName"] = name });
        await connection.ReadAsync(Batch("Contact", ["Email"], Is("Email", "a@x")), default);
        Assert.Equal(header, Assert.Single(org.Calls).Headers["Sforce-Call-Options"]);
    }

    [Theory]
    [InlineData(null, null, 100_000, 0.1)]
    [InlineData("5000", "25", 5_000, 0.25)]
    [InlineData("5000", "0", 5_000, 0)]
    public async Task The_allowance_and_what_stays_untouched_of_it_are_settings(string? calls, string? reserve, long perDay, double kept)
    {
        var settings = new Dictionary<string, string>();
        if (calls is not null) settings["callsPerDay"] = calls;
        if (reserve is not null) settings["reserve"] = reserve;
        await using var connection = new ScriptedOrg(_ => Rows()).Connect(settings: settings);
        Assert.Equal(new RealmBudget { PerDay = perDay, Reserve = kept }, (await connection.OpenAsync(default)).Value!.Budget);
    }

    [Theory]
    [InlineData(null, 60)]
    [InlineData("300", 300)]
    [InlineData("0", 0)]
    public async Task A_poll_looks_back_as_far_as_the_setting_says(string? overlap, int seconds)
    {
        var org = new ScriptedOrg(sent => sent.Path.EndsWith("/describe", StringComparison.Ordinal)
            ? Json("""{"name":"Contact","fields":[{"name":"Id","type":"id"},{"name":"SystemModstamp","type":"datetime"}]}""")
            : sent.Path.EndsWith("/updated/", StringComparison.Ordinal) ? Error("NOT_FOUND", "The requested resource does not exist", 404) : Rows("""{"Id":"003000000000001AAA","SystemModstamp":"2026-03-14T11:59:30.000+0000"}"""));
        await using var connection = org.Connect(settings: overlap is null ? [] : new() { ["pollOverlap"] = overlap });
        var page = await connection.PollAsync(new PollRequest { Entity = "Contact", Feed = "modified", Cursor = new SourceCursor(null, org.Time.GetUtcNow().AddHours(-1)) }, default);
        Assert.Equal(org.Time.GetUtcNow().AddSeconds(-seconds), page.Value!.Cursor.HighWater);
    }

    [Theory]
    [InlineData(null, "https://login.salesforce.com")]
    [InlineData("https://test.salesforce.com", "https://test.salesforce.com")]
    public async Task An_assertion_is_for_the_audience_of_the_setting(string? audience, string claim)
    {
        using var rsa = RSA.Create(2048);
        var org = new ScriptedOrg(_ => Rows());
        var settings = new Dictionary<string, string> { ["auth"] = "jwtBearer", ["username"] = "sync@acme.example" };
        if (audience is not null) settings["audience"] = audience;
        await using var connection = Connect(org, settings, new() { ["clientId"] = "consumer", ["privateKey"] = rsa.ExportPkcs8PrivateKeyPem() });
        Assert.True((await connection.OpenAsync(default)).Succeeded);
        var assertion = System.Web.HttpUtility.ParseQueryString(Assert.Single(org.Sent).Body)["assertion"]!;
        Assert.Equal(claim, JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(assertion.Split('.')[1])).RootElement.GetProperty("aud").GetString());
    }

    [Fact]
    public async Task A_granted_token_is_refreshed_by_the_flow_of_that_name()
    {
        var org = new ScriptedOrg(_ => Rows());
        await using var connection = Connect(org, new() { ["auth"] = "refreshToken" }, new() { ["clientId"] = "consumer", ["clientSecret"] = "s3cret", ["refreshToken"] = "granted" });
        Assert.True((await connection.OpenAsync(default)).Succeeded);
        Assert.Equal("grant_type=refresh_token&client_id=consumer&client_secret=s3cret&refresh_token=granted", string.Join('&', Assert.Single(org.Sent).Body.Split('&').OrderBy(p => Array.IndexOf((string[])["grant_type", "client_id", "client_secret", "refresh_token"], p.Split('=')[0]))));
    }

    private static IConnection Connect(ScriptedOrg org, Dictionary<string, string> settings, Dictionary<string, string> secrets)
    {
        settings["baseAddress"] = "https://acme.my.salesforce.com";
        var given = new ConnectionSettings { Name = "org", Connector = "salesforce", Settings = settings, Secrets = secrets };
        var connector = new SalesforceConnector(() => org);
        Assert.Empty(connector.Validate(given));
        return connector.Connect(given, new ConnectorContext { Time = org.Time, Gate = org.Gate });
    }
}
