using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace WorkflowEngine.Simulators;

/// <summary>A simulator that listens. Disposing stops it and lets go of held connections.</summary>
public sealed class RunningSimulator<T> : IAsyncDisposable
    where T : Simulator
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stopping;

    internal RunningSimulator(T simulator, Uri baseAddress, WebApplication app, CancellationTokenSource stopping)
    {
        Simulator = simulator;
        BaseAddress = baseAddress;
        _app = app;
        _stopping = stopping;
    }

    /// <summary>State, faults, clock and statistics, without HTTP.</summary>
    public T Simulator { get; }

    /// <summary>For example <c>http://127.0.0.1:5081/</c>.</summary>
    public Uri BaseAddress { get; }

    /// <summary>The encrypted listener (Salesforce's event service); null when there is none.</summary>
    public Uri? SecureAddress { get; internal init; }

    /// <summary>The certificate of <see cref="SecureAddress"/>, in PEM form, for clients to trust.</summary>
    public string? Certificate { get; internal init; }

    /// <summary>Completes when the host stops.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _app.WaitForShutdownAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        Simulator.Stop();
        await _app.DisposeAsync();
        _stopping.Dispose();
    }
}
