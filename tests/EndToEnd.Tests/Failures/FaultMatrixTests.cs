using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.Simulators.Faults;

namespace WorkflowEngine.EndToEnd.Tests.Failures;

/// <summary>Trouble of every kind, at writes and reads: all ends well, or in a dead letter that says why; nothing is there twice.</summary>
public sealed class FaultMatrixTests
{
    private const int Customers = 12;
    private static readonly Lazy<Task<IReadOnlyList<string>>> Undisturbed = new(async () =>
    {
        await using var world = await RunAsync(null, null);
        return OrgView.Of(world.Vendors.Salesforce);
    });

    public static TheoryData<string, string> Matrix()
    {
        var data = new TheoryData<string, string>();
        foreach (var fault in Faults.Keys)
        {
            foreach (var where in Places.Keys) data.Add(fault, where);
        }

        data.Add("row lock", "write");
        data.Add("late commit", "write");
        return data;
    }

    private static Dictionary<string, FaultRule> Faults { get; } = new()
    {
        ["429 with Retry-After"] = new FaultRule { Kind = FaultKind.RateLimited, RetryAfterSeconds = 40, Count = 2 },
        ["429 without Retry-After"] = new FaultRule { Kind = FaultKind.RateLimited, Count = 2 },
        ["500"] = new FaultRule { Kind = FaultKind.ServerError, Count = 3 },
        ["503"] = new FaultRule { Kind = FaultKind.Unavailable, Count = 3 },
        ["time-out before"] = new FaultRule { Kind = FaultKind.TimeoutBefore, Count = 1 },
        ["time-out after"] = new FaultRule { Kind = FaultKind.TimeoutAfter, Count = 1 },
        ["reset"] = new FaultRule { Kind = FaultKind.Reset, Count = 2 },
        ["lost answer"] = new FaultRule { Kind = FaultKind.LostAnswer, Count = 2 },
        ["malformed body"] = new FaultRule { Kind = FaultKind.Malformed, Count = 2 },
        ["expired token"] = new FaultRule { Kind = FaultKind.ExpiredToken, Count = 1 },
    };

    private static Dictionary<string, (bool Salesforce, string? Method, string Path)> Places { get; } = new()
    {
        ["write"] = (true, "PATCH", "*/composite/*"),
        ["query"] = (true, null, "*/query*"),
        ["contacts"] = (false, "GET", "*/customers/contacts"),
        ["feed"] = (false, "GET", "*/export/customers"),
    };

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task Ends_well_and_nothing_is_there_twice(string fault, string where)
    {
        var rule = fault switch
        {
            "row lock" => new FaultRule { Kind = FaultKind.RowLock, Count = 7 },
            "late commit" => new FaultRule { Kind = FaultKind.LateCommit, DelayMs = 45_000, Count = 4 },
            _ => Faults[fault],
        };
        var place = Places[where];
        rule = rule with { Method = place.Method, Path = place.Path };
        await using var world = await RunAsync(rule, place.Salesforce, timeout: fault.StartsWith("time-out", StringComparison.Ordinal) ? 3 : 30);
        await world.NoLettersAsync();
        Assert.Equal(await Undisturbed.Value, OrgView.Of(world.Vendors.Salesforce));
        Assert.Equal((Customers, Customers), (world.Vendors.Created("Account"), world.Vendors.Created("Contact")));
        var struck = place.Salesforce ? world.Vendors.Salesforce : (Simulators.Simulator)world.Vendors.ServiceTitan;
        Assert.True(await StruckAsync(world, struck) > 0, "The fault struck.");
    }

    [Fact]
    public async Task An_outage_blames_no_record_however_long_it_is_and_ends_well()
    {
        await using var world = await EngineWorld.StartAsync(Fields.Prepare);
        world.Vendors.Salesforce.Faults.Add(Faults["reset"] with { Method = "PATCH", Path = "*", Count = null });
        foreach (var customer in People.Of(Customers)) world.Vendors.ServiceTitan.AddCustomer(customer);
        for (var hour = 0; hour < 6; hour++)
        {
            var parked = world.Host.Runtime.Counters.Parked;
            await world.UntilAsync(() => world.Host.Runtime.Counters.Parked > parked && world.Host.Runtime.RunsInMemory == 0, "runs wait");
            await world.NoLettersAsync();
            world.Clock.Skip(TimeSpan.FromHours(1));
        }

        world.Vendors.Salesforce.Faults.Clear();
        await world.SettleAsync();
        await world.NoLettersAsync();
        Assert.Equal(await Undisturbed.Value, OrgView.Of(world.Vendors.Salesforce));
        Assert.Equal((Customers, Customers), (world.Vendors.Created("Account"), world.Vendors.Created("Contact")));
    }

    [Theory]
    [InlineData("500", "account")]
    [InlineData("503", "account")]
    [InlineData("row lock", "contact")]
    public async Task Trouble_that_every_record_meets_alone_becomes_dead_letters_that_say_why_and_a_replay_ends_well(string fault, string step)
    {
        var rule = fault == "row lock" ? new FaultRule { Kind = FaultKind.RowLock, Field = "LastName", Value = "*" } : Faults[fault] with { Method = "PATCH", Path = "*", Count = null };
        await using var world = await RunAsync(rule, salesforce: true);
        var letters = await world.LettersAsync();
        Assert.Equal(Customers, letters.Select(l => l.Content.Key).Distinct().Count());
        Assert.All(letters, letter =>
        {
            Assert.Equal(step, letter.Content.Step);
            Assert.NotEqual("", letter.Content.Message);
            Assert.Matches(@"flow\.yaml:\d+:\d+$", letter.Content.Place);
            Assert.True(letter.Content.Attempts.Count > 1, "All attempts are told.");
        });

        world.Vendors.Salesforce.Faults.Clear();
        await world.Host.ReplayAsync(new Runtime.DeadLetterFilter { Workspace = "default" }, null, fromStep: false, default);
        await world.SettleAsync();
        await world.NoLettersAsync();
        Assert.Equal(await Undisturbed.Value, OrgView.Of(world.Vendors.Salesforce));
        Assert.Equal((Customers, Customers), (world.Vendors.Created("Account"), world.Vendors.Created("Contact")));
    }

    private static async Task<EngineWorld> RunAsync(FaultRule? rule, bool? salesforce, double timeout = 30)
    {
        var world = await EngineWorld.StartAsync(Fields.Prepare, timeout: timeout);
        if (rule is not null) (salesforce == true ? world.Vendors.Salesforce.Faults : world.Vendors.ServiceTitan.Faults).Add(rule);
        foreach (var customer in People.Of(Customers)) world.Vendors.ServiceTitan.AddCustomer(customer);
        await world.SettleAsync();
        return world;
    }

    private static async Task<int> StruckAsync(EngineWorld world, Simulators.Simulator simulator)
    {
        using var client = new HttpClient();
        var address = ReferenceEquals(simulator, world.Vendors.Salesforce) ? world.Vendors.SalesforceAddress : world.Vendors.ServiceTitanAddress;
        using var rules = System.Text.Json.JsonDocument.Parse(await client.GetStringAsync(new Uri(address, "_faults")));
        return rules.RootElement.EnumerateArray().Sum(r => r.GetProperty("struck").GetInt32());
    }
}
