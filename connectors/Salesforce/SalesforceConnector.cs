using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.Salesforce;

/// <summary>Salesforce over its REST API.</summary>
public sealed class SalesforceConnector : IConnector
{
    private readonly Func<HttpMessageHandler>? _transport;

    /// <summary>A connector that talks over sockets.</summary>
    public SalesforceConnector()
        : this(null)
    {
    }

    /// <summary>A connector with a transport of its own, for an org inside the process; null = sockets.</summary>
    public SalesforceConnector(Func<HttpMessageHandler>? transport)
    {
        _transport = transport;
    }

    /// <inheritdoc/>
    public ConnectorDescriptor Descriptor { get; } = ConnectorCatalog.Load(typeof(SalesforceConnector).Assembly).Descriptor;

    /// <inheritdoc/>
    public IReadOnlyList<ConfigProblem> Validate(ConnectionSettings settings)
    {
        var problems = new List<ConfigProblem>();
        SalesforceSettings.Read(settings, Descriptor, problems);
        return problems;
    }

    /// <inheritdoc/>
    public IConnection Connect(ConnectionSettings settings, ConnectorContext context) => Open(settings, context);

    /// <summary>As <see cref="Connect"/>, with what only Salesforce has.</summary>
    internal SalesforceConnection Open(ConnectionSettings settings, ConnectorContext context)
    {
        var problems = new List<ConfigProblem>();
        var read = SalesforceSettings.Read(settings, Descriptor, problems);
        if (problems.Count > 0) throw new ArgumentException($"The settings of {settings.Name} were not validated: {problems[0].Path}: {problems[0].Message}", nameof(settings));
        return new SalesforceConnection(read, context, Descriptor, _transport);
    }
}
