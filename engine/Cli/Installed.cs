using WorkflowEngine.Abstractions;
using WorkflowEngine.Alerts;
using WorkflowEngine.Rest;
using WorkflowEngine.Salesforce;
using WorkflowEngine.ServiceTitan;

namespace WorkflowEngine.Cli;

/// <summary>The connectors this program carries.</summary>
internal static class Installed
{
    public static IReadOnlyList<IConnector> Connectors { get; } = [new ServiceTitanConnector(), new SalesforceConnector(), new AlertWebhookConnector(), new AlertEmailConnector(), new RestConnector()];

    public static IReadOnlyList<ConnectorDescriptor> Catalog { get; } = [.. Connectors.Select(c => c.Descriptor)];
}
