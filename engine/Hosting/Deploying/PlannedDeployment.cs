using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Hosting;

/// <summary>A deployment as its file says, checked and bound to names; not yet opened.</summary>
public sealed record PlannedDeployment
{
    /// <summary>The deployment's name; <c>name/flow</c> where the template has several flows.</summary>
    public required string Name { get; init; }

    /// <summary>The deployment file's name: flows of one file may start each other.</summary>
    public string? Group { get; init; }

    public required CompiledFlow Flow { get; init; }

    /// <summary>What the flow's <c>requires</c> asks of the orgs.</summary>
    public required FlowDefinition Definition { get; init; }

    public required IReadOnlyList<BundledSource> Sources { get; init; }

    /// <summary>Logical name → connection name.</summary>
    public required IReadOnlyDictionary<string, string> Connections { get; init; }

    /// <summary>By logical connection: what this org calls the template's entities and fields; those without other names have none.</summary>
    public IReadOnlyDictionary<string, NameMap> Names { get; init; } = new Dictionary<string, NameMap>();

    /// <summary>The connection as the flow speaks to it.</summary>
    internal Runtime.BoundConnection Bind(string logical, Runtime.BoundConnection connection) => Names.TryGetValue(logical, out var names)
        ? connection with { Connection = new NamedConnection(connection.Connection, names), OrgNames = names.Entities, NamesHash = names.Hash, Rebind = other => Bind(logical, other) }
        : connection;

    public required IReadOnlyDictionary<string, object?> Parameters { get; init; }

    public IReadOnlyDictionary<string, object?> Tables { get; init; } = new Dictionary<string, object?>();

    public DateTimeOffset? Since { get; init; }

    public Runtime.DeploymentState State { get; init; }

    /// <summary>Fields (<c>Entity.Field</c>, the org's names) whose sharing with other deployments is meant.</summary>
    public IReadOnlyList<string> SharedFields { get; init; } = [];

    /// <summary>The token of inbound calls; null when the flow takes none.</summary>
    public string? HookToken { get; init; }
}
