using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Tests.ServiceTitan;
using WorkflowEngine.Rest;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Connectors.Tests.Rest;

/// <summary>The activity <c>http</c> over sockets, against a simulated vendor: through the vendor's own connection and through one of the connector <c>http</c>.</summary>
public sealed class RestThroughVendorsTests : ServiceTitanTest
{
    private const string Path = "crm/v2/tenant/1234567890/customers";

    [Fact]
    public async Task A_vendors_connection_takes_calls_of_its_own_api_with_its_token()
    {
        Assert.Null((await Connection.WriteAsync(TestTenant.NewCustomer("Ada Lovelace"), Cancel)).Items[0].Error);
        var answer = await Connection.CallAsync(Call(("path", Path), ("parameters.pageSize", 5L), ("parameters.name", "Ada Lovelace")), Cancel);
        Assert.Equal("Ada Lovelace", Assert.Single(Customers(answer)));
    }

    [Fact]
    public async Task A_rest_connection_signs_in_by_client_credentials_and_reads_the_same()
    {
        Assert.Null((await Connection.WriteAsync(TestTenant.NewCustomer("Ada Lovelace"), Cancel)).Items[0].Error);
        var settings = new ConnectionSettings
        {
            Name = "any",
            Connector = "http",
            Settings = new Dictionary<string, string>
            {
                ["baseAddress"] = BaseAddress.ToString(), ["auth"] = "clientCredentials", ["tokenAddress"] = new Uri(BaseAddress, "/connect/token").ToString(), ["allowPrivate"] = "true",
            },
            Secrets = new Dictionary<string, string> { ["clientId"] = ServiceTitanSimulator.ClientId, ["clientSecret"] = ServiceTitanSimulator.ClientSecret },
        };
        await using var connection = new RestConnector().Connect(settings, new ConnectorContext { Time = new StepClock(), Gate = new RecordingGate() });
        Assert.Null((await connection.OpenAsync(Cancel)).Error);
        var answer = await connection.CallAsync(Call(("path", Path), ("headers.ST-App-Key", ServiceTitanSimulator.AppKey), ("parameters.name", "Ada Lovelace")), Cancel);
        Assert.Equal("Ada Lovelace", Assert.Single(Customers(answer)));
    }

    private static CallBatch Call(params (string Name, object? Value)[] with) => new() { Operation = "GET", Items = [with.ToDictionary(w => w.Name, w => w.Value)], Priority = CallPriority.Live };

    private static IEnumerable<object?> Customers(BatchAnswer<IReadOnlyDictionary<string, object?>> answer)
    {
        Assert.Null(answer.CallError);
        var body = (IReadOnlyDictionary<string, object?>)Assert.Single(answer.Items).Value!["body"]!;
        return ((IReadOnlyList<object?>)body["data"]!).Select(c => ((IReadOnlyDictionary<string, object?>)c!)["name"]);
    }
}
