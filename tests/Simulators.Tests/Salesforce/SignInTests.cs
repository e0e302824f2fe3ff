using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WorkflowEngine.Simulators.Salesforce;

namespace WorkflowEngine.Simulators.Tests.Salesforce;

public sealed class SignInTests
{
    [Fact]
    public async Task An_assertion_is_taken_only_with_the_right_signature()
    {
        using var right = new Keys();
        using var wrong = new Keys();
        await using var sf = await OrgFixture.Start(o => o with { JwtPublicKey = right.Public }, signIn: false);
        Task<HttpReply> Ask(Keys keys, string audience = "https://login.salesforce.com") => sf.Form("/services/oauth2/token", ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), ("assertion", keys.Assertion(sf.Time.GetUtcNow(), audience)));
        (await Ask(right)).Expect(200);
        Assert.Equal("invalid_grant", (await Ask(wrong)).Expect(400).Json.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Older_clients_sign_in_by_password_over_rest_and_soap()
    {
        await using var sf = await OrgFixture.Start(signIn: false);
        Task<HttpReply> Ask(string password) => sf.Form(
            "/services/oauth2/token", ("grant_type", "password"), ("client_id", SalesforceSimulator.ClientId), ("client_secret", SalesforceSimulator.ClientSecret), ("username", SalesforceSimulator.Username), ("password", password));
        Assert.Equal("authentication failure", (await Ask("wrong")).Expect(400).Json.GetProperty("error_description").GetString());
        (await Ask(SalesforceSimulator.Password)).Expect(200);

        var reply = await Login(SalesforceSimulator.Password);
        sf.Token = reply.Expect(200).Text.Split("<sessionId>")[1].Split('<')[0];
        (await sf.Get($"{OrgFixture.Root}/limits")).Expect(200);
        Assert.Contains("INVALID_LOGIN", (await Login("wrong")).Expect(500).Text, StringComparison.Ordinal);

        async Task<HttpReply> Login(string password)
        {
            using var content = new StringContent($"""<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><login xmlns="urn:partner.soap.sforce.com"><username>{SalesforceSimulator.Username}</username><password>{password}</password></login></e:Body></e:Envelope>""", Encoding.UTF8, "text/xml");
            return await HttpReply.Of(await sf.Http.PostAsync("/services/Soap/u/58.0", content));
        }
    }

    [Fact]
    public async Task The_identity_address_of_a_token_says_who_it_is()
    {
        await using var sf = await OrgFixture.Start(signIn: false);
        var token = (await sf.AskToken()).Expect(200).Json;
        sf.Token = token.GetProperty("access_token").GetString();
        var identity = (await sf.Get(new Uri(token.GetProperty("id").GetString()!).AbsolutePath)).Expect(200).Json;
        Assert.Equal((sf.Simulator.OrganizationId, SalesforceSimulator.Username), (identity.GetProperty("organization_id").GetString(), identity.GetProperty("username").GetString()));
        Assert.Equal(identity.GetProperty("user_id").GetString(), (await sf.Get("/services/oauth2/userinfo")).Expect(200).Json.GetProperty("user_id").GetString());
        var active = await sf.Form("/services/oauth2/introspect", ("token", sf.Token!), ("client_id", SalesforceSimulator.ClientId), ("client_secret", SalesforceSimulator.ClientSecret));
        Assert.True(active.Expect(200).Json.GetProperty("active").GetBoolean());
        sf.Token = "nobody";
        (await sf.Get("/services/oauth2/userinfo")).Expect(403);
    }

    private sealed class Keys : IDisposable
    {
        private readonly RSA _rsa = RSA.Create(2048);

        public string Public => _rsa.ExportSubjectPublicKeyInfoPem();

        public string Assertion(DateTimeOffset now, string audience)
        {
            var claims = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
            {
                ["iss"] = SalesforceSimulator.ClientId, ["sub"] = SalesforceSimulator.Username, ["aud"] = audience, ["exp"] = now.AddMinutes(3).ToUnixTimeSeconds(),
            });
            var text = $"{Base64Url.EncodeToString("{\"alg\":\"RS256\"}"u8)}.{Base64Url.EncodeToString(claims)}";
            return $"{text}.{Base64Url.EncodeToString(_rsa.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
        }

        public void Dispose() => _rsa.Dispose();
    }
}
