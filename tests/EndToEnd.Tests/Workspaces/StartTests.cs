using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using WorkflowEngine.EndToEnd.Tests.World;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.EndToEnd.Tests.Workspaces;

/// <summary>A start is short: what takes long is not part of it.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task A_start_builds_no_model_of_the_database_whether_it_makes_it_or_finds_it()
    {
        await using var vendors = await Vendors.StartAsync(TimeProvider.System);
        Fields.Prepare(vendors);
        using var folder = WorkspaceFolder.OfCustomers(vendors);
        using var models = new Models();
        await using (await StartAsync(folder))
        {
        }

        await using var host = await StartAsync(folder);
        await host.Settings.AccessKeys.AnyAsync(default);
        Assert.NotEmpty(host.Runtime.Registry.All);
        Assert.Equal(0, models.Count);

        await host.Settings.Audit.ListAsync("default", null, null, 1, default);
        Assert.Equal(1, models.Count);
    }

    private static async Task<FlowHost> StartAsync(WorkspaceFolder folder)
    {
        var host = await FlowHost.OpenAsync(EngineWorld.OptionsOf(folder), default);
        var runner = new WorkspaceRunner(host, folder.Path, EngineWorld.Connectors, folder.Variable, NullLogger<WorkspaceRunner>.Instance);
        Assert.True(await runner.TakeAsync(default));
        await runner.ActivateKeptAsync(new Deployer(host, new TemplateLibrary(null, null, host.Settings.Templates, [.. host.Connectors.Select(c => c.Descriptor)])).ActivateAllAsync, default);
        await host.StartAsync(default);
        return host;
    }

    /// <summary>Counts how often the model is taken up by what this test does; other tests run beside it.</summary>
    private sealed class Models : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
    {
        private readonly AsyncLocal<bool> _mine = new() { Value = true };
        private readonly List<IDisposable> _subscriptions = [];
        private int _count;

        public Models() => _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));

        public int Count => _count;

        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.EntityFrameworkCore") _subscriptions.Add(value.Subscribe(this));
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (_mine.Value && value.Key == "Microsoft.EntityFrameworkCore.Infrastructure.ContextInitialized") Interlocked.Increment(ref _count);
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }

        public void Dispose()
        {
            foreach (var subscription in _subscriptions) subscription.Dispose();
        }
    }
}
