using System.Net;
using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.Simulators.Faults;

namespace WorkflowEngine.EndToEnd.Tests.Crashes;

/// <summary>The real process killed (SIGKILL) in the moment in which it has answered 202.</summary>
public sealed class AcceptedCallTests
{
    private const int Rounds = 3;
    private const int AtOnce = 4;

    [Fact]
    public async Task What_was_answered_202_is_there_after_the_process_was_killed_in_that_moment_and_runs_once()
    {
        using var folder = new WorkspaceFolder();
        var clock = new AheadClock(folder);
        await using var vendors = await Vendors.StartAsync(TimeProvider.System);
        Orders.Write(folder, vendors);
        var orders = new Orders(vendors, clock);
        var unknown = new List<string>();
        var process = FlowProcess.StartBehind(folder, clock.File);
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                await orders.ServingAsync(process);
                // No run can end before the death.
                var slow = vendors.Salesforce.Faults.Add(new FaultRule { Kind = FaultKind.Slow, DelayMs = 3_000 });
                var sent = Enumerable.Range(round * AtOnce, AtOnce).Select(i => SendAsync(process, Orders.Id(i))).ToList();
                // The first that is told 202 kills it; of the others nobody knows whether they were accepted.
                await Task.WhenAny(sent);
                process.Signal("KILL");
                foreach (var (id, accepted) in await Task.WhenAll(sent)) (accepted ? orders.Accepted : unknown).Add(id);
                await process.EndedAsync();
                Assert.True(process.WasKilled, process.Output);
                vendors.Salesforce.Faults.Remove(slow);
                await process.DisposeAsync();

                process = FlowProcess.StartBehind(folder, clock.File);
                await orders.ServingAsync(process);
                await orders.EachOnceAsync(process, unknown);
            }

            Assert.True(orders.Accepted.Count >= Rounds, $"{orders.Accepted.Count} were accepted.");
        }
        finally
        {
            await process.DisposeAsync();
        }
    }

    private static async Task<(string Id, bool Accepted)> SendAsync(FlowProcess process, string id)
    {
        try
        {
            using var answer = await Orders.SendAsync(process, id);
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            return (id, true);
        }
        catch (HttpRequestException)
        {
            return (id, false);
        }
    }
}
