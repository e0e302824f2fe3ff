using System.Globalization;
using System.Net;
using System.Text.Json;
using WorkflowEngine.EndToEnd.Tests.World;

namespace WorkflowEngine.EndToEnd.Tests.Crashes;

/// <summary>Orders that come by calls, each an Account, for a real process that is troubled.</summary>
internal sealed class Orders(Vendors vendors, AheadClock clock)
{
    private const string Flow = """
        flow: orders
        connections: { salesforce: salesforce }
        input:
          id: { type: text }
          note: { type: text }
        trigger: { webhook: orders, with: =trigger }
        key: =input.id
        steps:
          - create: salesforce/Account
            once: { AccountNumber: =input.id }
            set: { Name: =input.id }
        """;

    private static readonly string Note = new('n', 4_000);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(30);

    /// <summary>What was answered 202.</summary>
    public List<string> Accepted { get; } = [];

    public static void Write(WorkspaceFolder folder, Vendors vendors)
    {
        folder.WriteConnections(vendors);
        folder.Write("flows/orders/flow.yaml", Flow);
        folder.Write("deployments/orders.yaml", "deployment: orders\ntemplate: orders\nconnections: { salesforce: org }\nhookToken: { env: E2E_HOOK_TOKEN }\n");
    }

    public static async Task<HttpResponseMessage> SendAsync(FlowProcess process, string id) =>
        await process.SendAsync($"/hooks/orders/{WorkspaceFolder.Environment["E2E_HOOK_TOKEN"]}", JsonSerializer.Serialize(new { id, note = Note }));

    /// <summary>True: it was accepted; else it was refused as it must be, with a time to come again.</summary>
    public async Task<bool> OfferAsync(FlowProcess process, string id)
    {
        using var answer = await SendAsync(process, id);
        if (answer.StatusCode == HttpStatusCode.Accepted)
        {
            lock (Accepted) Accepted.Add(id);
            return true;
        }

        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests, $"{(int)answer.StatusCode}: {text}");
        Assert.True(answer.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1), $"No time to come again: {answer.Headers} {text}");
        return false;
    }

    /// <summary>Waits for something that must happen while the process lives; its waits are skipped.</summary>
    public async Task UntilAsync(FlowProcess process, Func<Task<bool>> holds, string what, bool skip = true)
    {
        for (var began = TimeProvider.System.GetTimestamp(); !await holds();)
        {
            Assert.False(process.HasExited, $"The process ended:\n{process.Output}");
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"It did not happen: {what}\n{process.Output}");
            if (skip) clock.Skip(TimeSpan.FromSeconds(1));
            await Task.Delay(Look);
        }
    }

    public Task ServingAsync(FlowProcess process) =>
        UntilAsync(process, async () => await process.AskAsync("/api/deployments") is { } told && told.GetProperty("data").GetArrayLength() > 0, "it serves", skip: false);

    /// <summary>Everything accepted has run, each once and well, and stands at the vendor once.</summary>
    /// <param name="process">The process.</param>
    /// <param name="perhaps">Calls nobody was told the answer of.</param>
    public async Task EachOnceAsync(FlowProcess process, params IReadOnlyList<string> perhaps)
    {
        await UntilAsync(process, async () => await process.BacklogAsync() == 0 && (await KeysAsync(process)).Count >= Accepted.Count, "everything accepted has run");
        Assert.Equal(0, await process.DeadLettersAsync());
        var ran = await KeysAsync(process);
        Assert.Equal(ran.Distinct().Order(StringComparer.Ordinal), ran.Order(StringComparer.Ordinal));
        Assert.Empty(Accepted.Except(ran));
        Assert.Empty(ran.Except(Accepted).Except(perhaps));
        Assert.Equal(ran.Order(StringComparer.Ordinal), vendors.Salesforce.Records("Account", ["AccountNumber"]).Select(a => a["AccountNumber"]!).Order(StringComparer.Ordinal));
    }

    /// <summary>Of all runs that ended well.</summary>
    public static async Task<List<string>> KeysAsync(FlowProcess process)
    {
        var keys = new List<string>();
        for (string? next = null; ;)
        {
            if (await process.AskAsync($"/api/runs?outcome=succeeded&limit=200{(next is null ? "" : "&cursor=" + next)}") is not { } page) continue;
            keys.AddRange(page.GetProperty("data").EnumerateArray().Select(r => r.GetProperty("key").GetString()!));
            if ((next = page.GetProperty("next").GetString()) is null) return keys;
        }
    }

    public static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"o{number:00000}");
}
