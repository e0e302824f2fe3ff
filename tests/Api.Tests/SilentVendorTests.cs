using System.Net;
using System.Net.Sockets;

namespace WorkflowEngine.Api.Tests;

/// <summary>A vendor that takes the connection and says nothing.</summary>
public sealed class SilentVendorTests : IDisposable
{
    private readonly TcpListener _silent = new(IPAddress.Loopback, 0);

    public SilentVendorTests() => _silent.Start();

    public void Dispose() => _silent.Dispose();

    [Fact]
    public async Task A_vendor_that_does_not_answer_does_not_keep_the_server_from_starting_and_is_told()
    {
        var silent = $"http://127.0.0.1:{((IPEndPoint)_silent.LocalEndpoint).Port}";
        await using var world = await ApiWorld.StartAsync();
        await world.CloseAsync();
        world.Write("connections/quiet.yaml", $$"""
            connector: salesforce
            settings: { baseAddress: '{{silent}}', allowPrivate: true, timeout: 600 }
            secrets: { clientId: { env: SF_ID }, clientSecret: { env: SF_SECRET } }
            """);
        world.Write("deployments/quiet.yaml", "deployment: quiet\ntemplate: orders\nconnections: { salesforce: quiet }\nhookToken: { env: HOOK_TOKEN }\n");
        await world.OpenAsync(clean: false);
        Assert.Contains(world.Runner.Problems, p => p.Contains("still being opened", StringComparison.Ordinal));
        Assert.Equal("live", (await world.GetAsync("/health/live")).GetProperty("status").GetString());
        using var ready = await world.SendAsync(HttpMethod.Get, "/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("still being opened", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        // What was opened before it runs.
        (await world.HookAsync("""{ "id": "1", "name": "Ruiz" }""")).EnsureSuccessStatusCode().Dispose();
        await world.UntilAsync("/api/runs", r => r.GetArrayLength() == 1);
        _silent.Stop();
    }
}
