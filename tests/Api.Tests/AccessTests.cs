using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.Api.Tests;

/// <summary>Who may what: every endpoint × role × workspace × credential.</summary>
public sealed class AccessTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string> Paths = new(StringComparer.Ordinal)
    {
        ["{connector}"] = "salesforce", ["{entity}"] = "Account", ["{operation}"] = "none", ["{**name}"] = "orders", ["{id:guid}"] = "11111111-1111-1111-1111-111111111111",
    };

    private readonly Dictionary<Role, string> _keys = [];
    private ApiWorld _world = null!;
    private AccessKeys _access = null!;
    private string _others = "";
    private string _expired = "";
    private string _revoked = "";

    public async ValueTask InitializeAsync()
    {
        _world = await ApiWorld.StartAsync(options: o => o with { Access = new AccessOptions { Keys = true, Rate = 100_000, Burst = 100_000, Wrong = 100_000 } });
        _access = new AccessKeys(_world.Host.Settings.AccessKeys, _world.Host.Time);
        foreach (var role in Enum.GetValues<Role>()) _keys[role] = await MakeAsync("default", role);
        _others = await MakeAsync("other", Role.Admin);
        _expired = await MakeAsync("default", Role.Admin, _world.Host.Time.GetUtcNow().AddSeconds(-1));
        var (revoked, text) = await _access.MakeAsync("default", "revoked", "admin", null, "test", default);
        await _access.EndAsync("default", revoked.Id, _world.Host.Time.GetUtcNow(), revoke: true, default);
        _revoked = text;
    }

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    [Fact]
    public async Task Without_a_credential_that_holds_every_protected_endpoint_is_401_and_below_its_role_403()
    {
        var wrong = new List<string>();
        foreach (var endpoint in EndpointTable.All.Where(e => e.Role is not null))
        {
            foreach (var (what, credential) in new[] { ("none", null), ("bad", "flow_0123456789abcdef01_" + new string('0', 64)), ("no key", "abc"), ("expired", _expired), ("revoked", _revoked), ("cut", _keys[Role.Admin][..^1]) })
            {
                // Wrong credentials from one address are slowed down; here they come from everywhere.
                var status = await StatusAsync(endpoint, credential);
                if (status != HttpStatusCode.Unauthorized) wrong.Add($"{endpoint.Method} {endpoint.Pattern} {what}: {(int)status}");
            }

            foreach (var (role, key) in _keys)
            {
                var status = await StatusAsync(endpoint, key);
                var reaches = role >= endpoint.Role;
                if (reaches ? status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden || (int)status >= 500 : status != HttpStatusCode.Forbidden)
                {
                    wrong.Add($"{endpoint.Method} {endpoint.Pattern} {role}: {(int)status}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Nothing_of_a_workspace_can_be_reached_with_a_credential_of_another()
    {
        // One of each kind, in the workspace 'default'.
        (await HookAsync("""{ "id": "i1", "name": "Ruiz" }""")).EnsureSuccessStatusCode().Dispose();
        (await HookAsync($$"""{ "id": "i2", "name": "{{new string('n', 300)}}" }""")).EnsureSuccessStatusCode().Dispose();
        using var mine = ClientOf(_keys[Role.Admin]);
        JsonElement runs, letters;
        do
        {
            runs = await GetAsync(mine, "/api/runs");
            letters = await GetAsync(mine, "/api/dead-letters");
        }
        while (runs.GetProperty("data").GetArrayLength() < 2 || letters.GetProperty("data").GetArrayLength() < 1);
        using (var draft = await ApiWorld.SendAsync(mine, HttpMethod.Put, "/api/drafts/d1", new { files = new[] { new { path = "flow.yaml", content = "mine" } } }, ("If-None-Match", "*"))) draft.EnsureSuccessStatusCode();
        using (var template = await ApiWorld.SendAsync(mine, HttpMethod.Put, "/api/templates/own", new { files = new[] { new { path = "flow.yaml", content = Flows.Orders.Replace("flow: orders", "flow: own", StringComparison.Ordinal) } } })) template.EnsureSuccessStatusCode();
        var run = runs.GetProperty("data")[0].GetProperty("id").GetString();
        var letter = letters.GetProperty("data")[0].GetProperty("id").GetInt64();
        var key = (await GetAsync(mine, "/api/keys")).GetProperty("data")[0].GetProperty("id").GetString();

        using var other = ClientOf(_others);
        foreach (var (method, path, body) in new (string, string, object?)[]
        {
            ("GET", "/api/runs/" + run, null), ("GET", $"/api/dead-letters/{letter}", null), ("PATCH", $"/api/dead-letters/{letter}", new { discard = "not mine" }), ("GET", "/api/drafts/d1", null),
            ("DELETE", "/api/drafts/d1", null), ("GET", "/api/templates/own", null), ("GET", "/api/templates/orders", null), ("GET", "/api/connections/org", null), ("POST", "/api/connections/org/test", new { }),
            ("DELETE", "/api/connections/org", null), ("GET", "/api/deployments/orders", null), ("POST", "/api/deployments/orders/pause", new { }), ("POST", "/api/deployments/orders/resume", new { }),
            ("POST", "/api/deployments/orders/rollback", new { }), ("POST", "/api/deployments/orders/hook-tokens", new { }), ("POST", "/api/deployments/run/orders", new { id = "x", name = "x" }),
            ("DELETE", "/api/deployments/orders", null), ("GET", "/api/deployments/orders/versions", null), ("DELETE", "/api/keys/" + key, null), ("POST", $"/api/keys/{key}/rotate", new { }),
            ("GET", "/api/runs?deployment=orders", null), ("GET", "/api/dead-letters?deployment=orders", null), ("GET", "/api/catalog/salesforce/Account?connection=org", null),
            ("POST", "/api/dead-letters/replay", new { deployment = "orders" }), ("POST", $"/api/runs/{run}/replay", new { }), ("GET", "/api/runs/steps?deployment=orders", null), ("GET", "/api/runs/live?deployment=orders", null),
            ("POST", "/api/deployments/orders/backfills", new { }), ("GET", "/api/deployments/orders/backfills", null), ("GET", "/api/connections/org/records/Account", null),
            ("GET", "/api/why?connection=org&entity=Account&record=001000000000001AAA", null), ("POST", "/api/flows/plan", new { deployment = "orders", inputs = new[] { new { id = "x", name = "x" } } }),
        })
        {
            using var answer = await ApiWorld.SendAsync(other, new HttpMethod(method), path, body, method == "DELETE" && path.Contains("drafts", StringComparison.Ordinal) ? [("If-Match", "\"1\"")] : []);
            Assert.True(answer.StatusCode == HttpStatusCode.NotFound, $"{method} {path}: {(int)answer.StatusCode}");
        }

        foreach (var path in new[] { "/api/runs", "/api/dead-letters?state=all", "/api/dead-letters/groups", "/api/drafts", "/api/templates", "/api/connections", "/api/deployments", "/api/incidents?all=true", "/api/hook-tokens", "/api/reviews?state=all" })
        {
            Assert.Empty((await GetAsync(other, path)).GetProperty("data").EnumerateArray());
        }

        Assert.Single((await GetAsync(other, "/api/keys")).GetProperty("data").EnumerateArray());
        Assert.DoesNotContain((await GetAsync(other, "/api/audit")).GetProperty("data").EnumerateArray(), a => a.GetProperty("target").GetString() is "own" or "d1");

        // The same names in the other workspace are things of its own.
        using (var draft = await ApiWorld.SendAsync(other, HttpMethod.Put, "/api/drafts/d1", new { files = new[] { new { path = "flow.yaml", content = "theirs" } } }, ("If-None-Match", "*"))) draft.EnsureSuccessStatusCode();
        Assert.Equal("mine", (await GetAsync(mine, "/api/drafts/d1")).GetProperty("files")[0].GetProperty("content").GetString());
        Assert.Equal(1, (await ApiWorld.GoodAsync(await ApiWorld.SendAsync(other, HttpMethod.Post, "/api/dead-letters/replay", new { ids = new[] { letter } }))).GetProperty("refused").GetArrayLength());
    }

    [Fact]
    public async Task A_key_is_rotated_without_a_gap_and_revoked_at_once()
    {
        using var admin = ClientOf(_keys[Role.Admin]);
        var made = await ApiWorld.GoodAsync(await ApiWorld.SendAsync(admin, HttpMethod.Post, "/api/keys", new { name = "ci", role = "author", expiresInDays = 7 }));
        var (id, text) = (made.GetProperty("id").GetString(), made.GetProperty("key").GetString()!);
        using var first = ClientOf(text);
        Assert.Equal("author", (await GetAsync(first, "/api/me")).GetProperty("role").GetString());
        var rotated = await ApiWorld.GoodAsync(await ApiWorld.SendAsync(admin, HttpMethod.Post, $"/api/keys/{id}/rotate", new { graceHours = 1 }));
        using var second = ClientOf(rotated.GetProperty("key").GetString()!);
        Assert.Equal("ci", (await GetAsync(first, "/api/me")).GetProperty("name").GetString());
        Assert.Equal("ci", (await GetAsync(second, "/api/me")).GetProperty("name").GetString());
        using (var gone = await ApiWorld.SendAsync(admin, HttpMethod.Delete, "/api/keys/" + id, null)) Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
        await ApiWorld.ProblemAsync(await ApiWorld.SendAsync(first, HttpMethod.Get, "/api/me", null), HttpStatusCode.Unauthorized, "unauthenticated");
        await GetAsync(second, "/api/me");
        Assert.DoesNotContain(text.Split('_')[2], (await GetAsync(admin, "/api/keys")).GetRawText() + (await GetAsync(admin, "/api/audit")).GetRawText(), StringComparison.Ordinal);
        await ApiWorld.ProblemAsync(await ApiWorld.SendAsync(admin, HttpMethod.Post, "/api/keys", new { name = "x", role = "root" }), HttpStatusCode.UnprocessableEntity, "does-not-fit");
    }

    [Fact]
    public async Task A_live_view_ends_with_the_key_it_was_opened_with()
    {
        using var admin = ClientOf(_keys[Role.Admin]);
        var made = await ApiWorld.GoodAsync(await ApiWorld.SendAsync(admin, HttpMethod.Post, "/api/keys", new { name = "watcher", role = "viewer" }));
        using var watcher = ClientOf(made.GetProperty("key").GetString()!);
        using var live = await watcher.GetAsync(new Uri("/api/runs/live", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        (await ApiWorld.SendAsync(admin, HttpMethod.Delete, "/api/keys/" + made.GetProperty("id").GetString(), null)).Dispose();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var told = await live.Content.ReadAsStringAsync(patience.Token);
        Assert.Contains("event: open", told, StringComparison.Ordinal);
        (await HookAsync("""{ "id": "after", "name": "Ruiz" }""")).Dispose();
        Assert.DoesNotContain("after", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_credential_over_its_rate_waits_and_others_do_not()
    {
        await using var world = await ApiWorld.StartAsync(options: o => o with { Access = new AccessOptions { Keys = true, Rate = 0.001, Burst = 5 } });
        var keys = new AccessKeys(world.Host.Settings.AccessKeys, world.Host.Time);
        var (_, one) = await keys.MakeAsync("default", "one", "viewer", null, "test", default);
        var (_, two) = await keys.MakeAsync("default", "two", "viewer", null, "test", default);
        for (var i = 0; i < 5; i++) await ApiWorld.GoodAsync(await world.SendAsync(HttpMethod.Get, "/api/me", null, ("Authorization", "Bearer " + one)));
        using var sixth = await world.SendAsync(HttpMethod.Get, "/api/me", null, ("Authorization", "Bearer " + one));
        Assert.Equal(HttpStatusCode.TooManyRequests, sixth.StatusCode);
        Assert.True(sixth.Headers.RetryAfter!.Delta > TimeSpan.FromSeconds(1));
        await ApiWorld.GoodAsync(await world.SendAsync(HttpMethod.Get, "/api/me", null, ("Authorization", "Bearer " + two)));
        for (var i = 0; i < 30; i++) (await world.SendAsync(HttpMethod.Get, "/api/me", null, ("Authorization", "Bearer guess" + i))).Dispose();
        using var guess = await world.SendAsync(HttpMethod.Get, "/api/me", null, ("Authorization", "Bearer guess"));
        Assert.Equal(HttpStatusCode.TooManyRequests, guess.StatusCode);
    }

    [Fact]
    public async Task Public_pages_tell_nothing_of_a_workspace()
    {
        foreach (var path in new[] { "/health/live", "/openapi/v1.json", "/scalar/v1" })
        {
            using var answer = await _world.Client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        using var figures = await _world.Client.GetAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Unauthorized, figures.StatusCode);
        using var other = await _world.SendAsync(HttpMethod.Get, "/metrics", null, ("Authorization", "Bearer " + _others));
        Assert.Equal(HttpStatusCode.Forbidden, other.StatusCode);
        using var own = await _world.SendAsync(HttpMethod.Get, "/metrics", null, ("Authorization", "Bearer " + _keys[Role.Viewer]));
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        using var page = await _world.Client.GetAsync(new Uri("/", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
    }

    [Fact]
    public async Task What_is_wrong_is_told_to_strangers_as_a_number_and_pauses_to_their_own_workspace_only()
    {
        _world.Write("flows/orders/flow.yaml", Flows.Orders.Replace("Name: =input.name", "Nmae: =input.name", StringComparison.Ordinal));
        Assert.False(await _world.Runner.TakeAsync(default));
        using var answer = await _world.Client.GetAsync(new Uri("/health/ready", UriKind.Relative));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.DoesNotContain("Nmae", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var board = new Runtime.PauseBoard(TimeProvider.System);
        board.PauseDeployment(new Runtime.DeploymentRef("default", Guid.NewGuid()), "f", "of default");
        Assert.Equal(["of default"], board.DescribeOf("default"));
        Assert.Empty(board.DescribeOf("other"));
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", false, false, "loopback")]
    [InlineData("http://0.0.0.0:0", true, false, "in the clear")]
    public async Task An_address_that_is_not_safe_is_refused_before_anything_listens(string url, bool keys, bool proxy, string says)
    {
        var options = new ApiServerOptions { Urls = url, Logs = Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance, Access = new AccessOptions { Keys = keys, BehindProxy = proxy } };
        var problem = await Assert.ThrowsAsync<AddressProblemException>(() => ApiServer.StartAsync(_world.Host, _world.Runner, options, default));
        Assert.Contains(says, problem.Message, StringComparison.Ordinal);
    }

    private async Task<string> MakeAsync(string workspace, Role role, DateTimeOffset? expires = null) =>
        (await _access.MakeAsync(workspace, role.ToString(), Words.Of(role), expires, "test", default)).Text;

    private HttpClient ClientOf(string key)
    {
        var client = new HttpClient { BaseAddress = _world.Address, Timeout = TimeSpan.FromSeconds(60) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    private static async Task<JsonElement> GetAsync(HttpClient client, string path) => await ApiWorld.GoodAsync(await client.GetAsync(new Uri(path, UriKind.Relative)));

    private Task<HttpResponseMessage> HookAsync(string body) => _world.HookAsync(body);

    private async Task<HttpStatusCode> StatusAsync(ApiEndpoint endpoint, string? credential)
    {
        var path = endpoint.Pattern;
        foreach (var (place, value) in Paths) path = path.Replace(place, value, StringComparison.Ordinal);
        path = path.Replace("{id:long}", "999999", StringComparison.Ordinal).Replace("{id}", "none", StringComparison.Ordinal).Replace("{name}", "none", StringComparison.Ordinal);
        using var request = new HttpRequestMessage(new HttpMethod(endpoint.Method), path);
        if (endpoint.Method is not ("GET" or "DELETE")) request.Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
        if (credential is not null) request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + credential);
        using var answer = await _world.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return answer.StatusCode;
    }
}
