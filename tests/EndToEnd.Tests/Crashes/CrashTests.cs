using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using WorkflowEngine.EndToEnd.Tests.World;
using Xunit.Sdk;

namespace WorkflowEngine.EndToEnd.Tests.Crashes;

/// <summary>
/// The real process is killed at effect boundaries in turn and started again: the end at both vendors is that of the undisturbed run, nothing is lost, nothing is there twice,
/// the same branches were taken. A normal run tries some boundaries; <c>FLOW_CRASH_ALL=1</c> tries all of them and tells each one as it ends,
/// <c>FLOW_CRASH_FROM=n</c> goes on with the n-th.
/// </summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    private const int Seed = 20260;
    private const int AtOnce = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task Killed_at_an_effect_boundary_and_started_again_ends_as_if_undisturbed()
    {
        var undisturbed = await RunAsync(crashAt: null);
        Assert.Equal(0, undisturbed.Kills);
        if (Environment.GetEnvironmentVariable("FLOW_CRASH_ALL") == "1")
        {
            await AllAsync(undisturbed);
            return;
        }

        // Some of each kind of moment, one that changes with the day: a failure names its number.
        var random = new Random(Seed + TimeProvider.System.GetUtcNow().DayOfYear);
        foreach (var at in new[] { 3, 24, 47, random.Next(1, 100) })
        {
            var crashed = await RunAsync(at);
            Assert.True(crashed.Kills == 1, $"The process was killed once at boundary {at}.");
            Same(undisturbed, crashed, at);
        }
    }

    private async Task AllAsync(End undisturbed)
    {
        var next = int.TryParse(Environment.GetEnvironmentVariable("FLOW_CRASH_FROM"), out var from) ? from - 1 : 0;
        var first = next;
        var past = 0;
        var tried = 0;
        var failures = new ConcurrentQueue<string>();
        async Task WorkAsync()
        {
            while (Volatile.Read(ref past) == 0)
            {
                var at = Interlocked.Increment(ref next);
                try
                {
                    var crashed = await RunAsync(at);
                    if (crashed.Kills == 0)
                    {
                        Volatile.Write(ref past, at);
                        return;
                    }

                    Interlocked.Increment(ref tried);
                    Same(undisturbed, crashed, at);
                    output.WriteLine($"boundary {at}: as undisturbed");
                }
                catch (XunitException e)
                {
                    failures.Enqueue($"boundary {at}: {e.Message}");
                    output.WriteLine($"boundary {at}: {e.Message}");
                }
            }
        }

        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => WorkAsync()));
        output.WriteLine($"{tried} boundaries tried, {failures.Count} failed; the first beyond the end was {past}.");
        Assert.True(failures.IsEmpty, $"{failures.Count} of {tried} boundaries failed:\n" + string.Join("\n", failures.Take(10)));
        Assert.True(first + tried > 50, $"Only {first + tried} boundaries were met.");
    }

    private static void Same(End undisturbed, End crashed, int at)
    {
        var told = $"killed at boundary {at}";
        Equal(undisturbed.Salesforce, crashed.Salesforce, told);
        Equal(undisturbed.ServiceTitan, crashed.ServiceTitan, told);
        Equal(undisturbed.Branches, crashed.Branches, told);
        Equal(["0"], [$"{crashed.DeadLetters}"], told + ", dead letters");
    }

    private static void Equal(IReadOnlyList<string> expected, IReadOnlyList<string> actual, string told) => Assert.True(
        expected.SequenceEqual(actual), $"{told}:\n  missing {string.Join("\n          ", expected.Except(actual))}\n  too much {string.Join("\n           ", actual.Except(expected))}");

    private static async Task<End> RunAsync(int? crashAt)
    {
        await using var vendors = await Vendors.StartAsync(TimeProvider.System);
        CrashScenario.Prepare(vendors);
        using var folder = WorkspaceFolder.OfCustomers(vendors);
        // It is there before the process: whatever it reads first, it reads whole.
        CrashScenario.Arrive(vendors.ServiceTitan);
        var process = FlowProcess.Start(folder, crashAt);
        var kills = 0;
        try
        {
            process = await RestAsync(process);
            CrashScenario.Change(vendors.ServiceTitan);
            while (true)
            {
                process = await RestAsync(process);
                try
                {
                    return new End(
                        OrgView.Of(vendors.Salesforce, CrashScenario.Racing),
                        await CustomersAsync(vendors),
                        [.. (await process.BranchesAsync()).Where(b => !CrashScenario.Racing.Any(r => b.StartsWith(r, StringComparison.Ordinal)))],
                        await process.DeadLettersAsync(),
                        kills);
                }
                catch (HttpRequestException) when (kills == 0)
                {
                    // What it does a while later, such as its second looks, has boundaries too: it died while it was asked.
                    await process.EndedAsync();
                }
            }
        }
        finally
        {
            await process.DisposeAsync();
        }

        // Waits until all is read and settled; a process that killed itself is started again, once.
        async Task<FlowProcess> RestAsync(FlowProcess running)
        {
            var since = vendors.ServiceTitan.Clock.GetUtcNow();
            var waited = Stopwatch.StartNew();
            while (true)
            {
                await Task.Delay(Look);
                if (running.HasExited)
                {
                    await running.EndedAsync();
                    Assert.True(running.WasKilled && kills == 0, $"The process ended by itself:\n{running.Output}");
                    kills++;
                    await running.DisposeAsync();
                    process = running = FlowProcess.Start(folder, crashAt: null);
                    since = vendors.ServiceTitan.Clock.GetUtcNow();
                }

                if (waited.Elapsed > Patience) Assert.Fail($"It does not come to rest, boundary {crashAt}, backlog {await running.BacklogAsync()}:\n{running.Output}");
                if (!vendors.FeedsReadSince(since) || await running.BacklogAsync() != 0) continue;
                // Twice: an event may have been stored between the two looks.
                if (await running.BacklogAsync() == 0) return running;
            }
        }
    }

    private static async Task<IReadOnlyList<string>> CustomersAsync(Vendors vendors)
    {
        using var client = new HttpClient();
        using var records = JsonDocument.Parse(await client.GetStringAsync(new Uri(vendors.ServiceTitanAddress, "_records")));
        return [.. records.RootElement.GetProperty("customers").EnumerateArray().Select(c => $"{c.GetProperty("id")} {c.GetProperty("name")} {c.GetProperty("active")}")];
    }

    private sealed record End(IReadOnlyList<string> Salesforce, IReadOnlyList<string> ServiceTitan, IReadOnlyList<string> Branches, int DeadLetters, int Kills);
}
