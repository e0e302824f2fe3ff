using WorkflowEngine.Abstractions;

namespace WorkflowEngine.ServiceTitan;

/// <summary>ServiceTitan's V2 API.</summary>
/// <param name="transport">Makes the transport, for simulators inside the process; null = sockets.</param>
public sealed class ServiceTitanConnector(Func<HttpMessageHandler>? transport = null) : IConnector
{
    /// <inheritdoc/>
    public ConnectorDescriptor Descriptor => ServiceTitanCatalog.Descriptor;

    /// <inheritdoc/>
    public IReadOnlyList<ConfigProblem> Validate(ConnectionSettings settings) => ServiceTitanSettings.Read(settings).Problems;

    /// <inheritdoc/>
    public IConnection Connect(ConnectionSettings settings, ConnectorContext context)
    {
        var (read, problems) = ServiceTitanSettings.Read(settings);
        if (read is null) throw new InvalidOperationException($"The settings of {settings.Name} were not validated: {string.Join(' ', problems.Select(p => p.Path))}");
        return new ServiceTitanConnection(read, context, transport);
    }
}
