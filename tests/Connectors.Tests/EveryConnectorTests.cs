using System.Reflection;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Connectors.Tests;

/// <summary>No connector stands outside the contract.</summary>
public sealed class EveryConnectorTests
{
    [Fact]
    public void Every_connector_that_flows_can_use_inherits_the_contract()
    {
        var connectors = Directory.EnumerateFiles(AppContext.BaseDirectory, "WorkflowEngine.*.dll").Where(f => !f.EndsWith(".Tests.dll", StringComparison.Ordinal)).Select(Assembly.LoadFrom)
            .SelectMany(a => a.GetExportedTypes()).Where(t => t is { IsClass: true, IsAbstract: false } && t.IsAssignableTo(typeof(IConnector)))
            .Where(t => New(t).Descriptor is { Entities.Count: > 0 } or { TakesHttp: true }).ToList();
        var tested = typeof(ConnectorContract).Assembly.GetTypes().Where(t => t is { IsAbstract: false } && t.IsSubclassOf(typeof(ConnectorContract))).Select(t => ((ConnectorContract)Activator.CreateInstance(t)!).ConnectorType).ToList();

        Assert.True(connectors.Count >= 3, $"{connectors.Count} connectors");
        Assert.Equal(connectors.Select(c => c.FullName).Order(), tested.Select(t => t.FullName).Order());
    }

    // Without a transport of its own it talks over sockets.
    private static IConnector New(Type type)
    {
        var constructor = type.GetConstructors().OrderBy(c => c.GetParameters().Length).First();
        return (IConnector)constructor.Invoke(new object?[constructor.GetParameters().Length]);
    }
}
