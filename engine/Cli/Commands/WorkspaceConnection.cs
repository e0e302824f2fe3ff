using WorkflowEngine.Abstractions;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Cli;

/// <summary>A connection of a workspace folder, opened by a command that works without a server.</summary>
internal sealed class WorkspaceConnection : IAsyncDisposable
{
    private readonly ConnectionBook _book;

    private WorkspaceConnection(ConnectionBook book, IConnection connection, ConnectorDescriptor connector, FlowBundle flows) => (_book, Connection, Connector, Flows) = (book, connection, connector, flows);

    public IConnection Connection { get; }

    public ConnectorDescriptor Connector { get; }

    /// <summary>The workspace's flows.</summary>
    public FlowBundle Flows { get; }

    /// <summary>Opens it; says in words why it cannot.</summary>
    public static async Task<WorkspaceConnection> OpenAsync(Terminal terminal, string name, string workspace, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(workspace)) throw new UnusableException($"There is no workspace folder '{workspace}'.");
        var load = WorkspaceLoad.Read(WorkspaceFiles.Read(workspace), Installed.Connectors, Environment.GetEnvironmentVariable);
        if (load.Connections.FirstOrDefault(c => c.Name == name) is not { } settings)
        {
            terminal.Diagnostics(load.Diagnostics.Where(d => d.IsError && d.Path.Contains("connections", StringComparison.Ordinal)));
            throw new UnusableException($"There is no connection '{name}' in '{workspace}'. Connections there: {(load.Connections.Count == 0 ? "none" : string.Join(", ", load.Connections.Select(c => c.Name)))}.");
        }

        var connector = Installed.Connectors.First(c => c.Descriptor.Name == settings.Connector);
        var book = new ConnectionBook("default", [connector], new RealmBudgets(TimeProvider.System), TimeProvider.System);
        book.Put(settings, FlowEntities.Of(connector.Descriptor, [.. load.Flows.Flows.Select(f => f.Compiled).OfType<Compilation.Plan.CompiledFlow>()]));
        var opened = await book.OpenAsync(name, cancellationToken).ConfigureAwait(false);
        if (opened.Succeeded) return new WorkspaceConnection(book, opened.Value.Connection, connector.Descriptor, load.Flows);
        await book.DisposeAsync().ConfigureAwait(false);
        throw new UnusableException($"The connection '{name}' cannot be opened ({opened.Error.Kind}, {opened.Error.Code}): {opened.Error.Message}");
    }

    public ValueTask DisposeAsync() => _book.DisposeAsync();
}
