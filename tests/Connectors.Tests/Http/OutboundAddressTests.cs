using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.Connectors.Tests.Http;

public sealed class OutboundAddressTests
{
    [Theory]
    [InlineData("http://127.0.0.1:9/")]
    [InlineData("http://10.1.2.3/")]
    [InlineData("http://192.168.1.1/")]
    [InlineData("http://169.254.169.254/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    [InlineData("http://[fd00::1]/")]
    [InlineData("http://[64:ff9b::7f00:1]/")]
    [InlineData("http://0.0.0.0/")]
    [InlineData("http://100.64.0.1/")]
    [InlineData("http://localhost:9/")]
    public async Task Private_addresses_are_refused_unless_allowed(string address)
    {
        using var connection = Connection(address);
        var outcome = await connection.Caller.SendAsync(CallPurpose.Read, token => connection.Client.GetAsync("x", token), TestContext.Current.CancellationToken);
        Assert.Equal((ErrorKind.Misconfigured, "outboundRefused"), (outcome.Error!.Kind, outcome.Error.Code));
        Assert.True(outcome.Error.NotExecuted);
    }

    [Theory]
    [InlineData("http://other.example/")]
    [InlineData("http://127.0.0.1:8080/")]
    [InlineData("https://127.0.0.1:9/")]
    [InlineData("http://user@127.0.0.1:9/")]
    public async Task An_address_from_an_answer_is_held_to_the_connections_hosts(string address)
    {
        using var connection = Connection("http://127.0.0.1:9/");
        var outcome = await connection.Caller.SendAsync(CallPurpose.Read, token => connection.Client.GetAsync(new Uri(address), token), TestContext.Current.CancellationToken);
        Assert.Equal("outboundRefused", outcome.Error!.Code);
    }

    private static HttpConnection Connection(string address) => HttpConnectionFactory.Create(new HttpConnectionOptions
    {
        BaseAddress = new Uri(address),
        Context = new ConnectorContext { Time = new StepClock(), Gate = new RecordingGate() },
        Secrets = [],
    });
}
