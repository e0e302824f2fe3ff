using System.Globalization;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using DeploymentState = WorkflowEngine.Runtime.DeploymentState;

namespace WorkflowEngine.Hosting;

/// <summary>Binds a deployment file to a template, connections and parameters; all mistakes at once.</summary>
public static class DeploymentBinder
{
    /// <summary>One planned deployment per flow of the template; none when there is a mistake.</summary>
    /// <param name="definition">The file.</param>
    /// <param name="bundle">The flows there are.</param>
    /// <param name="connections">Connections there are: name → connector.</param>
    /// <param name="environment">Gives an environment variable's value; null when it is not set.</param>
    /// <param name="found">Takes the findings.</param>
    /// <param name="tokensKept">Tokens of inbound calls are kept by the server, so that the definition need not name one.</param>
    public static IReadOnlyList<PlannedDeployment> Bind(
        DeploymentDefinition definition, FlowBundle bundle, IReadOnlyDictionary<string, string> connections, Func<string, string?> environment, List<Diagnostic> found,
        bool tokensKept = false)
    {
        var mistakes = found.Count(d => d.IsError);
        var flows = bundle.Flows.Where(f => f.Template == definition.Template.Value).ToList();
        if (flows.Count == 0)
        {
            found.Add(HostingDiagnostics.UnknownTemplate(definition.Template, bundle.Flows.Select(f => f.Template).Distinct()));
            return [];
        }

        if (flows.FirstOrDefault(f => f.Compiled is null) is { } broken)
        {
            found.Add(HostingDiagnostics.FlowWithErrors(definition.Template, broken.Definition.Source.Path));
            return [];
        }

        if (Overlay.Changes(definition)) flows = [.. Overlay.Apply(definition, flows, found)];
        if (found.Count(d => d.IsError) > mistakes) return [];
        foreach (var name in NameMap.Unknown(definition, [.. flows.Select(f => f.Compiled!)])) found.Add(HostingDiagnostics.UnknownTemplateName(name.From));
        Unknown(definition, flows, found);
        var since = Since(definition, found);
        var result = new List<PlannedDeployment>();
        foreach (var flow in flows)
        {
            var names = NameMap.Of(definition, flow.Compiled!);

            // The connectors know the org's names.
            var compiled = names.Count == 0 ? flow.Compiled! : flow.Compiled! with
            {
                Entities = flow.Compiled!.Entities.ToDictionary(e => e.Key, e => names.TryGetValue(e.Key, out var map) ? [.. e.Value.Select(map.InOrg)] : e.Value, StringComparer.Ordinal),
            };
            if (definition.Version is { } version && version.Value != compiled.Version)
            {
                found.Add(HostingDiagnostics.OtherVersion(version, definition.Template.Value, compiled.Version ?? "no version"));
            }

            result.Add(new PlannedDeployment
            {
                Name = flows.Count == 1 ? definition.Deployment.Value : $"{definition.Deployment.Value}/{compiled.Id}",
                Group = definition.Deployment.Value,
                Flow = compiled,
                Definition = flow.Definition,
                Sources = flow.Sources,
                Names = names,
                Connections = Connections(definition, compiled, connections, found),
                Parameters = ParameterBinder.Bind(compiled, definition.Parameters, definition.Deployment.Span, found),
                Tables = TableBinder.Bind(compiled, definition.Tables),
                Since = since,
                State = definition.State?.Value switch
                {
                    Definitions.DeploymentState.Paused => DeploymentState.Paused,
                    Definitions.DeploymentState.Draining => DeploymentState.Draining,
                    _ => DeploymentState.Active,
                },
                SharedFields = [.. definition.SharedFields.Select(f => f.Value)],
                HookToken = tokensKept ? null : HookToken(definition, compiled, environment, found),
            });
        }

        return found.Count(d => d.IsError) > mistakes ? [] : result;
    }

    private static void Unknown(DeploymentDefinition definition, List<BundledFlow> flows, List<Diagnostic> found)
    {
        var known = flows.SelectMany(f => f.Compiled!.Parameters).Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var line in definition.Parameters)
        {
            if (!known.Contains(line.Name.Value)) found.Add(HostingDiagnostics.UnknownParameter(line.Name, known));
        }

        var tables = flows.SelectMany(f => f.Compiled!.Tables).Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var table in definition.Tables)
        {
            if (!tables.Contains(table.Name.Value)) found.Add(HostingDiagnostics.UnknownTable(table.Name, tables));
        }
    }

    private static Dictionary<string, string> Connections(
        DeploymentDefinition definition, CompiledFlow flow, IReadOnlyDictionary<string, string> connections, List<Diagnostic> found)
    {
        var result = new Dictionary<string, string>();
        foreach (var (logical, connector) in flow.Connections)
        {
            var bound = definition.Connections.FirstOrDefault(c => c.Name.Value == logical);
            if (bound is null) found.Add(HostingDiagnostics.ConnectionNotBound(definition.Deployment.Span, logical, connector));
            else if (!connections.TryGetValue(bound.Connector.Value, out var actual)) found.Add(HostingDiagnostics.UnknownConnection(bound.Connector, connections.Keys));
            else if (actual != connector) found.Add(HostingDiagnostics.WrongConnector(bound.Connector, actual, connector));
            else result[logical] = bound.Connector.Value;
        }

        return result;
    }

    private static DateTimeOffset? Since(DeploymentDefinition definition, List<Diagnostic> found)
    {
        if (definition.Since is null) return null;
        if (ParameterBinder.Literal(definition.Since) is string text
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var since)) return since;
        found.Add(HostingDiagnostics.BadInstant(definition.Since.Span, "since"));
        return null;
    }

    private static string? HookToken(DeploymentDefinition definition, CompiledFlow flow, Func<string, string?> environment, List<Diagnostic> found)
    {
        var webhook = flow.Triggers.FirstOrDefault(t => t.Kind == PlanTriggerKind.Webhook);
        if (webhook is null) return null;
        if (definition.HookToken is not { } source)
        {
            found.Add(HostingDiagnostics.HookTokenMissing(definition.Deployment.Span, webhook.Webhook ?? webhook.Id));
            return null;
        }

        if (environment(source.EnvironmentVariable.Value) is { Length: > 0 } token) return token;
        found.Add(HostingDiagnostics.HookTokenNotSet(source.EnvironmentVariable));
        return null;
    }
}
