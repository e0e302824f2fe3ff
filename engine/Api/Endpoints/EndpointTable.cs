namespace WorkflowEngine.Api;

/// <summary>Every endpoint there is, with the least role that may call it. What is not here does not exist; a test walks the table.</summary>
internal static class EndpointTable
{
    public static IReadOnlyList<ApiEndpoint> All { get; } =
    [
        .. FlowEndpoints.All,
        .. FlowTestEndpoints.All,
        .. DraftEndpoints.All,
        .. CatalogEndpoints.All,
        .. TemplateEndpoints.All,
        .. RunEndpoints.All,
        .. RunReplayEndpoints.All,
        .. DeadLetterEndpoints.All,
        .. ReviewEndpoints.All,
        .. DeploymentEndpoints.All,
        .. BackfillEndpoints.All,
        .. HookTokenEndpoints.All,
        .. ConnectionEndpoints.All,
        .. StatusEndpoints.All,
        .. PlanEndpoints.All,
        .. PlanOutcomeEndpoints.All,
        .. WhyEndpoints.All,
        .. WorkspaceEndpoints.All,
        .. AuditEndpoints.All,
        .. KeyEndpoints.All,
        .. HookEndpoints.All,
    ];
}
