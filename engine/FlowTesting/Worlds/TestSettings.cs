using WorkflowEngine.Abstractions;
using WorkflowEngine.Simulators.Salesforce;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.FlowTesting;

/// <summary>Connections to the simulators of a test; named as the flow's logical connections are by their connector.</summary>
internal static class TestSettings
{
    public static readonly Uri TenantAddress = new("http://servicetitan.invalid/");
    public static readonly Uri OrgAddress = new("http://salesforce.invalid/");

    /// <summary>The application under which the tests' external data is kept.</summary>
    public const string ApplicationGuid = "8f0c6a3e-2a5d-4f1b-9d53-6f0a1c2b7e44";

    public static IReadOnlyList<ConnectionSettings> All { get; } =
    [
        new()
        {
            Name = "servicetitan", Connector = "servicetitan",
            Settings = new Dictionary<string, string>
            {
                ["tenant"] = ServiceTitanSimulator.Tenant.ToString(System.Globalization.CultureInfo.InvariantCulture), ["baseAddress"] = TenantAddress.ToString(), ["clientId"] = ServiceTitanSimulator.ClientId,
                ["applicationGuid"] = ApplicationGuid, ["ratePerSecond"] = "60", ["feedPause"] = "60", ["allowPrivate"] = "true",
            },
            Secrets = new Dictionary<string, string> { ["appKey"] = ServiceTitanSimulator.AppKey, ["clientSecret"] = ServiceTitanSimulator.ClientSecret },
        },
        new()
        {
            Name = "salesforce", Connector = "salesforce",
            Settings = new Dictionary<string, string> { ["baseAddress"] = OrgAddress.ToString(), ["allowPrivate"] = "true" },
            Secrets = new Dictionary<string, string> { ["clientId"] = SalesforceSimulator.ClientId, ["clientSecret"] = SalesforceSimulator.ClientSecret },
        },
    ];
}
