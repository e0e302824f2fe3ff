using System.Collections.Concurrent;
using System.Net;
using System.Text;
using WorkflowEngine.Abstractions;
using WorkflowEngine.ServiceTitan;

namespace WorkflowEngine.Connectors.Tests.ServiceTitan;

/// <summary>What no source decides is a setting: each as it is by default and as another says.</summary>
public sealed class ServiceTitanChoiceTests
{
    private static readonly DateTimeOffset Stamp = new(2026, 9, 14, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(null, "https://auth.servicetitan.io/connect/token", "https://api.servicetitan.io/")]
    [InlineData("environment=production", "https://auth.servicetitan.io/connect/token", "https://api.servicetitan.io/")]
    [InlineData("environment=integration", "https://auth-integration.servicetitan.io/connect/token", "https://api-integration.servicetitan.io/")]
    [InlineData("baseAddress=https://st.example.com", "https://st.example.com/connect/token", "https://st.example.com/")]
    [InlineData("baseAddress=https://st.example.com;authAddress=https://door.example.com", "https://door.example.com/connect/token", "https://st.example.com/")]
    public async Task Calls_go_where_the_settings_say(string? settings, string token, string api)
    {
        var vendor = new Vendor();
        await using var connection = vendor.Connect(settings);
        Assert.True((await connection.OpenAsync(default)).Succeeded);
        await PollAsync(connection, "customer", "customers");
        Assert.Equal(token, vendor.Asked[0]);
        Assert.All(vendor.Asked.Skip(1), address => Assert.StartsWith(api, address, StringComparison.Ordinal));
        Assert.True(vendor.Asked.Count > 1);
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("recentChanges=true", true)]
    [InlineData("recentChanges=false", false)]
    public async Task Feeds_are_asked_for_the_newest_changes_unless_that_is_switched_off(string? settings, bool asked)
    {
        var vendor = new Vendor();
        await using var connection = vendor.Connect(settings);
        await PollAsync(connection, "customer", "customers");
        Assert.Equal(asked, vendor.Asked[^1].Contains("includeRecentChanges=true", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, "11%3A50%3A00")]
    [InlineData("pollOverlap=60", "11%3A59%3A00")]
    [InlineData("pollOverlap=0", "12%3A00%3A00")]
    public async Task A_polled_list_looks_back_as_far_as_the_setting_says(string? settings, string from)
    {
        var vendor = new Vendor();
        await using var connection = vendor.Connect(settings);
        await PollAsync(connection, "jobType", "jobTypes");
        Assert.Contains($"modifiedOnOrAfter=2026-09-14T{from}", vendor.Asked[^1], StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(null, 300)]
    [InlineData("feedPause=45", 45)]
    [InlineData("baseAddress=https://st.example.com", null)]
    public async Task A_drained_feed_rests_as_the_setting_says_and_elsewhere_as_the_trigger_does(string? settings, int? seconds)
    {
        await using var connection = new Vendor().Connect(settings);
        Assert.Equal(seconds, (await PollAsync(connection, "customer", "customers")).Pause?.TotalSeconds);
    }

    [Theory]
    [InlineData(null, 50)]
    [InlineData("ratePerSecond=12.5", 12.5)]
    public async Task The_rate_is_the_settings(string? settings, double rate)
    {
        await using var connection = new Vendor().Connect(settings);
        Assert.Equal(rate, (await connection.OpenAsync(default)).Value!.Budget.PerSecond);
    }

    private static async Task<SourcePage> PollAsync(IConnection connection, string entity, string feed)
    {
        var page = await connection.PollAsync(new PollRequest { Entity = entity, Feed = feed, Cursor = new SourceCursor(null, Stamp) }, default);
        Assert.True(page.Succeeded, page.Error?.ToString());
        return page.Value!;
    }

    /// <summary>Notes where it is asked and has nothing.</summary>
    private sealed class Vendor : HttpMessageHandler
    {
        private readonly ConcurrentQueue<string> _asked = new();

        public IReadOnlyList<string> Asked => [.. _asked];

        public IConnection Connect(string? more)
        {
            var settings = new Dictionary<string, string> { ["tenant"] = "77", ["clientId"] = "client" };
            foreach (var pair in more?.Split(';') ?? []) settings[pair.Split('=')[0]] = pair.Split('=')[1];
            var given = new ConnectionSettings { Name = "t", Connector = "servicetitan", Settings = settings, Secrets = new Dictionary<string, string> { ["appKey"] = "key-of-app", ["clientSecret"] = "secret-of-client" } };
            var connector = new ServiceTitanConnector(() => this);
            Assert.Empty(connector.Validate(given));
            return connector.Connect(given, new ConnectorContext { Time = new StepClock(), Gate = new RecordingGate(), Seed = 1 });
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var address = request.RequestUri!;
            _asked.Enqueue(address.AbsoluteUri);
            var body = address.AbsolutePath == "/connect/token" ? """{"access_token":"token-of-vendor","expires_in":900,"token_type":"Bearer"}"""
                : address.AbsolutePath.Contains("/export/", StringComparison.Ordinal) ? """{"hasMore":false,"continueFrom":"x","data":[]}"""
                : """{"page":1,"pageSize":50,"hasMore":false,"data":[]}""";
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") });
        }
    }
}
