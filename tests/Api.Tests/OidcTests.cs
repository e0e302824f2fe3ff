using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace WorkflowEngine.Api.Tests;

/// <summary>Bearer tokens of an OpenID Connect provider: a real one over HTTP, with keys made for the test.</summary>
public sealed class OidcTests : IAsyncLifetime
{
    private const string Audience = "workflow-engine";

    private readonly RSA _right = RSA.Create(2048);
    private readonly RSA _wrong = RSA.Create(2048);
    private WebApplication _provider = null!;
    private ApiWorld _world = null!;
    private string _issuer = "";

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _provider = builder.Build();
        _provider.MapGet("/.well-known/openid-configuration", () => Results.Json(new { issuer = _issuer, jwks_uri = _issuer + "/keys" }));
        _provider.MapGet("/keys", () =>
        {
            var key = JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(_right.ExportParameters(false)) { KeyId = "one" });
            return Results.Json(new { keys = new[] { new { kty = "RSA", use = "sig", alg = "RS256", kid = "one", n = key.N, e = key.E } } });
        });
        await _provider.StartAsync();
        _issuer = _provider.Urls.First();
        _world = await ApiWorld.StartAsync(options: o => o with { Access = new AccessOptions { Oidc = new OidcOptions(_issuer, Audience), Wrong = 1_000 } });
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        await _provider.DisposeAsync();
        _right.Dispose();
        _wrong.Dispose();
    }

    [Fact]
    public async Task A_token_that_holds_gives_its_workspace_and_role_and_one_that_does_not_is_401()
    {
        var me = await ApiWorld.GoodAsync(await AskAsync(Token()));
        Assert.Equal(("default", "dana", "author"), (me.GetProperty("workspace").GetString(), me.GetProperty("name").GetString(), me.GetProperty("role").GetString()));
        Assert.Equal("other", (await ApiWorld.GoodAsync(await AskAsync(Token(workspace: "other")))).GetProperty("workspace").GetString());
        foreach (var token in new[]
        {
            Token(key: _wrong), Token(audience: "somebody-else"), Token(issuer: "http://127.0.0.1:1"), Token(expires: DateTimeOffset.UnixEpoch.AddYears(50)), Token(role: "root"), Token(role: null), Token(workspace: null),
            Token(workspace: "../default"), Unsigned(), Token()[..^6], "a.b.c", "x",
        })
        {
            await ApiWorld.ProblemAsync(await AskAsync(token), HttpStatusCode.Unauthorized, "unauthenticated");
        }

        await ApiWorld.ProblemAsync(await AskAsync(Token(), "/api/audit"), HttpStatusCode.Forbidden, "forbidden");
        await ApiWorld.ProblemAsync(await AskAsync("flow_0123456789abcdef01_" + new string('0', 64)), HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task A_live_view_ends_with_the_token_it_was_opened_with()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        // Half a minute of tolerance is given to a token: one that ended a moment ago still opens a view, which then ends.
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/runs/live") { Headers = { { "Authorization", "Bearer " + Token(expires: TimeProvider.System.GetUtcNow().AddSeconds(3)) } } };
        using var live = await _world.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        Assert.Contains("event: open", await live.Content.ReadAsStringAsync(patience.Token), StringComparison.Ordinal);
        using var lasting = new HttpRequestMessage(HttpMethod.Get, "/api/runs/live") { Headers = { { "Authorization", "Bearer " + Token() } } };
        using var open = await _world.Client.SendAsync(lasting, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        await using var stream = await open.Content.ReadAsStreamAsync(patience.Token);
        using var reader = new StreamReader(stream);
        string? line;
        do line = await reader.ReadLineAsync(patience.Token);
        while (line is not null && line != "event: still");
        Assert.Equal("event: still", line);
    }

    private Task<HttpResponseMessage> AskAsync(string token, string path = "/api/me") => _world.SendAsync(HttpMethod.Get, path, null, ("Authorization", "Bearer " + token));

    private string Token(RSA? key = null, string? audience = Audience, string? issuer = null, string? role = "author", string? workspace = "default", DateTimeOffset? expires = null)
    {
        var claims = new Dictionary<string, object> { ["sub"] = "u-1", ["preferred_username"] = "dana" };
        if (role is not null) claims["flow_role"] = role;
        if (workspace is not null) claims["flow_workspace"] = workspace;
        var end = expires ?? TimeProvider.System.GetUtcNow().AddMinutes(10);
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer ?? _issuer, Audience = audience, Claims = claims, NotBefore = end.AddHours(-1).UtcDateTime, Expires = end.UtcDateTime,
            SigningCredentials = new SigningCredentials(new RsaSecurityKey(key ?? _right) { KeyId = "one" }, SecurityAlgorithms.RsaSha256),
        });
    }

    private string Unsigned()
    {
        static string Part(object value) => Base64UrlEncoder.Encode(JsonSerializer.Serialize(value));
        var end = TimeProvider.System.GetUtcNow().AddMinutes(10).ToUnixTimeSeconds();
        return $"{Part(new { alg = "none", typ = "JWT" })}.{Part(new { iss = _issuer, aud = Audience, sub = "u-1", exp = end, flow_role = "admin", flow_workspace = "default" })}.";
    }
}
