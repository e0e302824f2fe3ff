using WorkflowEngine.Abstractions;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Hosting;

/// <summary>A workspace folder read, compiled and bound; nothing is opened or changed.</summary>
public sealed record WorkspaceLoad
{
    public required IReadOnlyList<ConnectionSettings> Connections { get; init; }

    public required IReadOnlyList<PlannedDeployment> Deployments { get; init; }

    public required FlowBundle Flows { get; init; }

    /// <summary>All findings; with an error among them the load is not taken.</summary>
    public required IReadOnlyList<Diagnostic> Diagnostics { get; init; }

    public bool HasErrors => Diagnostics.Any(d => d.IsError);

    public static WorkspaceLoad Read(WorkspaceFiles files, IReadOnlyList<IConnector> connectors, Func<string, string?> environment)
    {
        var found = new List<Diagnostic>(files.Problems);
        var catalog = connectors.Select(c => c.Descriptor).ToList();
        var bundle = FlowBundle.Compile(files.Flows, catalog);
        found.AddRange(bundle.Diagnostics);

        var connections = new List<ConnectionSettings>();
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in files.Connections)
        {
            var (settings, problems) = ConnectionFile.Read(file, connectors, environment);
            found.AddRange(problems);
            if (settings is null) continue;
            connections.Add(settings);
            names[settings.Name] = settings.Connector;
        }

        var deployments = new List<PlannedDeployment>();
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in files.Deployments)
        {
            var parsed = DeploymentParser.Parse(file);
            found.AddRange(parsed.Diagnostics);
            if (parsed.Value is not { } definition || parsed.HasErrors) continue;
            if (!seen.TryAdd(definition.Deployment.Value, file.Path)) found.Add(HostingDiagnostics.SameName(definition.Deployment, seen[definition.Deployment.Value]));
            deployments.AddRange(DeploymentBinder.Bind(definition, bundle, names, environment, found));
        }

        return new WorkspaceLoad { Connections = connections, Deployments = deployments, Flows = bundle, Diagnostics = found };
    }
}
