namespace WorkflowEngine.Abstractions;

/// <summary>A system we talk to.</summary>
public interface IConnector
{
    /// <summary>Its entities, operations and settings as data.</summary>
    ConnectorDescriptor Descriptor { get; }

    /// <summary>Checks a connection's settings; all mistakes at once.</summary>
    IReadOnlyList<ConfigProblem> Validate(ConnectionSettings settings);

    /// <summary>Binds it to one account; makes no call yet.</summary>
    IConnection Connect(ConnectionSettings settings, ConnectorContext context);
}
