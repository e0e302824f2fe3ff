using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.Salesforce.Api;

/// <summary>What every operation needs to make a call.</summary>
/// <param name="Api">The REST resources.</param>
/// <param name="Caller">Runs their methods.</param>
/// <param name="Version">The API version, such as <c>67.0</c>.</param>
internal sealed record SalesforceCalls(ISalesforceApi Api, RemoteCaller Caller, string Version);
