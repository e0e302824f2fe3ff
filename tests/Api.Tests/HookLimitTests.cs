using System.Net;

namespace WorkflowEngine.Api.Tests;

/// <summary>Inbound calls are limited by their token.</summary>
public sealed class HookLimitTests
{
    [Fact]
    public async Task A_token_over_its_rate_waits_and_another_token_of_the_same_deployment_does_not()
    {
        await using var world = await ApiWorld.StartAsync(options: o => o with { Access = new AccessOptions { HookRate = 0.1 } });
        var other = (await world.PostAsync("/api/deployments/orders/hook-tokens", new { })).GetProperty("path").GetString()!;
        (await world.HookAsync("""{ "id": "1", "name": "Ruiz" }""")).EnsureSuccessStatusCode().Dispose();
        using (var refused = await world.HookAsync("""{ "id": "2", "name": "Ruiz" }"""))
        {
            Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 10);
            await ApiWorld.ProblemAsync(refused, HttpStatusCode.TooManyRequests, "too-many-requests");
        }

        (await world.SendAsync(HttpMethod.Post, other, """{ "id": "3", "name": "Ruiz" }""")).EnsureSuccessStatusCode().Dispose();
        var runs = await world.UntilAsync("/api/runs", r => r.GetArrayLength() == 2);
        Assert.Equal(["1", "3"], runs.EnumerateArray().Select(r => r.GetProperty("key").GetString()).Order());
    }

    [Fact]
    public async Task Guessed_tokens_are_slowed_down_and_the_right_one_is_still_taken()
    {
        await using var world = await ApiWorld.StartAsync(options: o => o with { Access = new AccessOptions { Wrong = 3 } });
        for (var i = 0; i < 3; i++) await ApiWorld.ProblemAsync(await world.SendAsync(HttpMethod.Post, "/hooks/orders/guess" + i, "{}"), HttpStatusCode.NotFound, "not-found");
        await ApiWorld.ProblemAsync(await world.SendAsync(HttpMethod.Post, "/hooks/orders/guess", "{}"), HttpStatusCode.TooManyRequests, "too-many-requests");
        (await world.HookAsync("""{ "id": "1", "name": "Ruiz" }""")).EnsureSuccessStatusCode().Dispose();
    }
}
