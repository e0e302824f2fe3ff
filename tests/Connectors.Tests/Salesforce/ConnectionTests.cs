using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Salesforce;
using static WorkflowEngine.Connectors.Tests.Salesforce.ReadTests;
using static WorkflowEngine.Connectors.Tests.Salesforce.ScriptedOrg;

namespace WorkflowEngine.Connectors.Tests.Salesforce;

public sealed class ConnectionTests
{
    [Fact]
    public async Task The_realm_is_the_org_of_the_tokens_identity()
    {
        var org = new ScriptedOrg(_ => Rows());
        await using var connection = org.Connect(settings: new() { ["callsPerDay"] = "5000", ["ratePerSecond"] = "2.5" });
        var opened = await connection.OpenAsync(default);

        Assert.Equal("salesforce:" + SalesforceIds.Long("00D5e000000AbCd"), opened.Value?.Realm);
        Assert.Equal(new RealmBudget { PerDay = 5000, PerSecond = 2.5, Reserve = 0.1 }, opened.Value!.Budget);
        Assert.Equal("grant_type=client_credentials&client_id=consumer-key-canary&client_secret=" + Secret, Assert.Single(org.Sent).Body);
        Assert.Equal("acme.my.salesforce.com", org.Sent[0].Host);
    }

    [Fact]
    public async Task Opening_again_fetches_a_fresh_token()
    {
        var org = new ScriptedOrg(_ => Rows());
        await using var connection = org.Connect();
        await connection.OpenAsync(default);
        await connection.OpenAsync(default);
        Assert.Equal(2, org.Tokens);
    }

    [Fact]
    public async Task Calls_go_to_the_instance_the_token_names()
    {
        var org = new ScriptedOrg(_ => Rows()) { Instance = "https://acme--eu12.my.salesforce.com" };
        await using var connection = org.Connect();
        await connection.ReadAsync(Batch("Contact", ["Email"], Is("Email", "a@x")), default);
        Assert.Equal("acme--eu12.my.salesforce.com", Assert.Single(org.Calls).Host);
    }

    [Theory]
    [InlineData("https://evil.example.com")]
    [InlineData("https://salesforce.com.evil.example.com")]
    [InlineData("http://acme.my.salesforce.com")]
    [InlineData("https://user@acme.my.salesforce.com")]
    [InlineData("ftp://acme.my.salesforce.com")]
    public async Task An_instance_that_is_not_salesforces_never_sees_a_token(string instance)
    {
        var org = new ScriptedOrg(_ => Rows()) { Instance = instance };
        await using var connection = org.Connect();
        var answer = await connection.ReadAsync(Batch("Contact", ["Email"], Is("Email", "a@x")), default);
        Assert.False(answer.CallError is null && answer.Items[0].Succeeded);
        Assert.Empty(org.Calls);
    }

    [Fact]
    public async Task An_expired_session_is_renewed_once_and_the_call_repeated()
    {
        var org = new ScriptedOrg(sent => sent.Headers["Authorization"].EndsWith("-1", StringComparison.Ordinal)
            ? Error("INVALID_SESSION_ID", "Session expired or invalid", 401)
            : Json("""{"id":"003000000000001AAA","success":true,"errors":[]}""", 201));
        await using var connection = org.Connect();
        var answer = await connection.WriteAsync(new WriteBatch { Entity = "Contact", Verb = WriteVerb.Create, Items = [new WriteItem { Fields = new Dictionary<string, object?> { ["LastName"] = "x" } }] }, default);

        Assert.True(answer.Items[0].Succeeded);
        Assert.Equal(2, org.Tokens);
        Assert.Equal(2, org.Calls.Count());
        Assert.Equal(org.Calls.First().Body, org.Calls.Last().Body);
    }

    [Fact]
    public async Task A_session_that_stays_refused_pauses_the_connection_and_does_not_loop()
    {
        var org = new ScriptedOrg(_ => Error("INVALID_SESSION_ID", "This session is not valid for use with the REST API", 401));
        await using var connection = org.Connect();
        var answer = await connection.ReadAsync(Batch("Contact", ["Email"], Is("Email", "a@x"), Is("Email", "b@x")), default);

        Assert.Equal(ErrorKind.Authentication, answer.CallError?.Kind);
        Assert.Equal(2, org.Calls.Count());
    }

    [Fact]
    public async Task What_the_org_says_about_its_limits_reaches_the_budget_and_every_call_passes_it()
    {
        var org = new ScriptedOrg(_ =>
        {
            var rows = Rows();
            rows.Headers.Add("Sforce-Limit-Info", "api-usage=18/5000; per-app-api-usage=17/250(appName=sample-app)");
            return rows;
        });
        await using var connection = org.Connect();
        await connection.ReadAsync(Batch("Contact", ["Email"], Is("Email", "a@x")) with { Priority = CallPriority.Backfill }, default);

        Assert.Equal((18, 5000), org.Gate.Seen);
        Assert.Equal(org.Sent.Count, org.Gate.Entered);
        Assert.All(org.Gate.Priorities, p => Assert.Equal(CallPriority.Backfill, p));
    }

    [Fact]
    public async Task A_wait_the_server_asks_for_is_told_and_pauses_the_realm()
    {
        var org = new ScriptedOrg(_ =>
        {
            var refused = Error("REQUEST_LIMIT_EXCEEDED", "rate limit", 429);
            refused.Headers.RetryAfter = new(TimeSpan.FromSeconds(30));
            return refused;
        });
        await using var connection = org.Connect();
        var answer = await connection.ReadAsync(Batch("Contact", ["Email"], Is("Email", "a@x"), Is("Email", "b@x")), default);

        Assert.Equal((ErrorKind.RateLimited, TimeSpan.FromSeconds(30)), (answer.CallError!.Kind, answer.CallError.RetryAfter));
        Assert.Equal(TimeSpan.FromSeconds(30), Assert.Single(org.Gate.Pauses));
    }

    [Fact]
    public async Task No_secret_leaves_the_connection_even_when_the_org_echoes_it()
    {
        var org = new ScriptedOrg(sent => Error("FIELD_INTEGRITY_EXCEPTION", $"bad {sent.Headers["Authorization"]} and {Secret}"));
        await using var connection = org.Connect();
        var read = await connection.ReadAsync(Batch("Contact", ["Email"], Is("Email", "a@x"), Is("Email", "b@x")), default);
        var write = await connection.WriteAsync(new WriteBatch { Entity = "Contact", Verb = WriteVerb.Create, Items = [new WriteItem { Fields = new Dictionary<string, object?>() }] }, default);
        var described = await connection.DescribeAsync("Contact", default);

        foreach (var error in (OperationError?[])[read.CallError, write.Items[0].Error, described.Error])
        {
            Assert.NotNull(error);
            Assert.DoesNotContain("canary", error.ToString(), StringComparison.Ordinal);
        }

        Assert.DoesNotContain("canary", connection.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_assertion_is_signed_by_the_apps_key_for_the_named_user()
    {
        using var rsa = RSA.Create(2048);
        var org = new ScriptedOrg(_ => Rows());
        var connector = new SalesforceConnector(() => org);
        var settings = new ConnectionSettings
        {
            Name = "org", Connector = "salesforce",
            Settings = new Dictionary<string, string> { ["baseAddress"] = "https://acme.my.salesforce.com", ["auth"] = "jwtBearer", ["username"] = "sync@acme.example" },
            Secrets = new Dictionary<string, string> { ["clientId"] = "consumer", ["privateKey"] = rsa.ExportPkcs8PrivateKeyPem() },
        };
        Assert.Empty(connector.Validate(settings));
        await using var connection = connector.Connect(settings, new ConnectorContext { Time = org.Time, Gate = org.Gate });
        Assert.True((await connection.OpenAsync(default)).Succeeded);

        var form = System.Web.HttpUtility.ParseQueryString(Assert.Single(org.Sent).Body);
        Assert.Equal("urn:ietf:params:oauth:grant-type:jwt-bearer", form["grant_type"]);
        var parts = form["assertion"]!.Split('.');
        Assert.True(rsa.VerifyData(Encoding.ASCII.GetBytes(parts[0] + "." + parts[1]), System.Buffers.Text.Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        var claims = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1])).RootElement;
        Assert.Equal(("consumer", "sync@acme.example", "https://login.salesforce.com"), (claims.GetProperty("iss").GetString(), claims.GetProperty("sub").GetString(), claims.GetProperty("aud").GetString()));
        Assert.Equal(org.Time.GetUtcNow().AddMinutes(3).ToUnixTimeSeconds(), claims.GetProperty("exp").GetInt64());
    }

    [Fact]
    public void All_mistakes_in_settings_are_told_at_once()
    {
        var problems = new SalesforceConnector().Validate(new ConnectionSettings
        {
            Name = "org", Connector = "salesforce",
            Settings = new Dictionary<string, string> { ["baseAdress"] = "x", ["baseAddress"] = "http://acme.lightning.force.com", ["auth"] = "clientCredentials", ["apiVersion"] = "30.0", ["callsPerDay"] = "many", ["allowPrivate"] = "perhaps" },
        });
        foreach (var path in (string[])["settings.baseAdress", "settings.baseAddress", "settings.apiVersion", "settings.callsPerDay", "settings.allowPrivate", "secrets.clientId", "secrets.clientSecret"])
        {
            Assert.Contains(problems, p => p.Path == path);
        }
    }

    [Theory]
    [InlineData("https://login.salesforce.com")]
    [InlineData("acme.my.salesforce.com")]
    [InlineData("https://acme.my.salesforce.com/services")]
    [InlineData("https://user:word@acme.my.salesforce.com")]
    [InlineData("file:///etc/passwd")]
    public void An_address_that_cannot_be_an_orgs_is_refused(string address)
    {
        var settings = new ConnectionSettings { Name = "org", Connector = "salesforce", Settings = new Dictionary<string, string> { ["baseAddress"] = address }, Secrets = new Dictionary<string, string> { ["clientId"] = "c", ["clientSecret"] = "s" } };
        Assert.Contains(new SalesforceConnector().Validate(settings), p => p.Path == "settings.baseAddress");
    }

    [Fact]
    public async Task A_write_whose_connection_broke_after_sending_has_an_unknown_outcome_and_a_read_is_repeated()
    {
        var org = new ScriptedOrg(_ => throw new HttpRequestException(HttpRequestError.ResponseEnded, "reset"));
        await using var connection = org.Connect();
        var read = await connection.ReadAsync(Batch("Contact", ["Email"], Is("Email", "a@x"), Is("Email", "b@x")), default);
        var reads = org.Calls.Count();
        var write = await connection.WriteAsync(new WriteBatch { Entity = "Contact", Verb = WriteVerb.Create, Items = [new WriteItem { Fields = new Dictionary<string, object?>() }, new WriteItem { Fields = new Dictionary<string, object?>() }] }, default);

        Assert.Equal(ErrorKind.BatchScoped, read.CallError?.Kind);
        Assert.True(reads > 1);
        Assert.Equal(reads + 1, org.Calls.Count());
        Assert.Equal(ErrorKind.UnknownOutcome, write.CallError?.Kind);
    }
}
