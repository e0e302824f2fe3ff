using System.Net.Http.Json;
using System.Text.Json;
using WorkflowEngine.Simulators;
using WorkflowEngine.Simulators.Salesforce;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.EndToEnd.Tests.World;

/// <summary>Both simulators, listening on free ports of this process.</summary>
internal sealed class Vendors : IAsyncDisposable
{
    private const string CustomerFeed = "export/customers";
    private const string LineFeed = "export/customers/contacts";

    private readonly RunningSimulator<ServiceTitanSimulator> _serviceTitan;
    private readonly RunningSimulator<SalesforceSimulator> _salesforce;
    private readonly HttpClient _people = new();

    private Vendors(RunningSimulator<ServiceTitanSimulator> serviceTitan, RunningSimulator<SalesforceSimulator> salesforce) =>
        (_serviceTitan, _salesforce) = (serviceTitan, salesforce);

    public ServiceTitanSimulator ServiceTitan => _serviceTitan.Simulator;

    public SalesforceSimulator Salesforce => _salesforce.Simulator;

    public Uri ServiceTitanAddress => _serviceTitan.BaseAddress;

    public Uri SalesforceAddress => _salesforce.BaseAddress;

    /// <summary>Salesforce's event service over TLS; null where none was asked for.</summary>
    public Uri? EventsAddress => _salesforce.SecureAddress;

    /// <summary>What its clients must trust, in PEM form.</summary>
    public string? EventsCertificate => _salesforce.Certificate;

    /// <param name="time">The vendors' clock.</param>
    /// <param name="events">Salesforce's event service listens too.</param>
    /// <param name="latency">Milliseconds that each answer takes at least.</param>
    public static async Task<Vendors> StartAsync(TimeProvider time, bool events = false, int latency = 0)
    {
        var options = new SimulatorOptions { LatencyMs = latency, PubSubPort = events ? 0 : null, Rate = 0, TimeProvider = time, FeedRepeatWindow = TimeSpan.FromSeconds(1), DailyApiLimit = 10_000_000 };
        return new Vendors(await SimulatorHost.StartAsync(new ServiceTitanSimulator(options)), await SimulatorHost.StartAsync(new SalesforceSimulator(options)));
    }

    /// <summary>Whether both feeds were read from their last change to their end since then. A reading that was under way at that time does not count, nor one whose rows may not be stored yet.</summary>
    public bool FeedsReadSince(DateTimeOffset time)
    {
        int customers = 0, lines = 0;
        foreach (var call in ServiceTitan.Statistics.Recent)
        {
            if (call.At <= time || call.Status != 200) continue;
            if (call.Path.EndsWith(LineFeed, StringComparison.Ordinal)) lines++;
            else if (call.Path.EndsWith(CustomerFeed, StringComparison.Ordinal)) customers++;
        }

        return customers >= 3 && lines >= 3;
    }

    /// <summary>Rows Salesforce created of a kind so far.</summary>
    public int Created(string type) => Salesforce.Statistics.Rows.GetValueOrDefault(type + ".created");

    /// <summary>Rows Salesforce created or changed so far.</summary>
    public int Written() => Salesforce.Statistics.Rows.Where(r => r.Key.EndsWith(".created", StringComparison.Ordinal) || r.Key.EndsWith(".updated", StringComparison.Ordinal)).Sum(r => r.Value);

    /// <summary>Ids of the customers the flow of customers owes an Account.</summary>
    public async Task<HashSet<string>> OwedAsync()
    {
        using var records = JsonDocument.Parse(await _people.GetStringAsync(new Uri(ServiceTitanAddress, "_records?type=customers")));
        return [.. records.RootElement.GetProperty("customers").EnumerateArray().Where(c => c.GetProperty("active").GetBoolean()).Select(c => c.GetProperty("id").GetRawText())];
    }

    public async Task RemoveFieldAsync(string type, string name)
    {
        using var answer = await _people.DeleteAsync(new Uri(SalesforceAddress, $"_setup/fields/{type}/{name}"));
        answer.EnsureSuccessStatusCode();
    }

    public async Task AddRequiredAsync(object requires)
    {
        using var answer = await _people.PostAsJsonAsync(new Uri(SalesforceAddress, "_setup/requires"), requires);
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        _people.Dispose();
        await _serviceTitan.DisposeAsync();
        await _salesforce.DisposeAsync();
    }
}
