using WorkflowEngine.Abstractions;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Hosting;

/// <summary>Reads a file of <c>connections/</c>: settings as written, secrets from the environment.</summary>
public static class ConnectionFile
{
    /// <summary>The connection, or null with diagnostics that name file, line and column.</summary>
    /// <param name="source">The file.</param>
    /// <param name="connectors">Known connectors.</param>
    /// <param name="environment">Gives an environment variable's value; null when it is not set.</param>
    public static (ConnectionSettings? Settings, IReadOnlyList<Diagnostic> Diagnostics) Read(
        SourceText source, IReadOnlyList<IConnector> connectors, Func<string, string?> environment)
    {
        var parsed = ConnectionParser.Parse(source);
        var found = new List<Diagnostic>(parsed.Diagnostics);
        if (parsed.Value is not { } definition || parsed.HasErrors) return (null, found);

        var connector = connectors.FirstOrDefault(c => c.Descriptor.Name == definition.Connector.Value);
        if (connector is null)
        {
            found.Add(HostingDiagnostics.UnknownConnector(definition.Connector, connectors));
            return (null, found);
        }

        var descriptor = connector.Descriptor;
        var settings = new Dictionary<string, string>();
        foreach (var line in definition.Settings)
        {
            if (descriptor.Settings.All(s => s.Name != line.Name.Value))
            {
                found.Add(HostingDiagnostics.UnknownSetting(line.Name, descriptor.Name, descriptor.Settings));
            }
            else if (line.Value is LiteralValue literal)
            {
                settings[line.Name.Value] = literal.Text;
            }
            else
            {
                found.Add(HostingDiagnostics.SettingIsNoLiteral(line));
            }
        }

        var secrets = new Dictionary<string, string>();
        foreach (var secret in definition.Secrets)
        {
            if (descriptor.Secrets.All(s => s.Name != secret.Name.Value))
            {
                found.Add(HostingDiagnostics.UnknownSecret(secret.Name, descriptor.Name, descriptor.Secrets));
            }
            else if (environment(secret.From.EnvironmentVariable.Value) is { Length: > 0 } value)
            {
                secrets[secret.Name.Value] = value;
            }
            else
            {
                found.Add(HostingDiagnostics.SecretNotSet(secret.Name.Value, secret.From.EnvironmentVariable));
            }
        }

        var name = definition.Name?.Value ?? Path.GetFileNameWithoutExtension(source.Path);
        var result = new ConnectionSettings { Name = name, Connector = descriptor.Name, Settings = settings, Secrets = secrets };
        if (found.Any(d => d.IsError)) return (null, found);
        foreach (var problem in connector.Validate(result))
        {
            found.Add(HostingDiagnostics.ConnectionProblem(Place(definition, problem.Path), problem.Message));
        }

        return (found.Any(d => d.IsError) ? null : result, found);
    }

    private static SourceSpan Place(ConnectionDefinition definition, string path)
    {
        var name = path.Contains('.') ? path[(path.IndexOf('.') + 1)..] : path;
        foreach (var line in definition.Settings)
        {
            if (line.Name.Value == name) return line.Value.Span;
        }

        foreach (var secret in definition.Secrets)
        {
            if (secret.Name.Value == name) return secret.Name.Span;
        }

        return definition.Connector.Span;
    }
}
