using Microsoft.Extensions.Logging;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Hosting;

/// <summary>Follows a workspace folder while the server runs: a whole, clean change is taken, a broken one is refused with its lines and the last good version goes on.</summary>
public sealed class WorkspaceRunner(FlowHost host, string folder, IReadOnlyList<IConnector> connectors, Func<string, string?> environment, ILogger<WorkspaceRunner> log)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(15);

    private string _seen = "";
    private DateTimeOffset? _retryAt;

    /// <summary>The folder that is followed.</summary>
    public string Folder => folder;

    /// <summary>The findings of the last reading; empty when it was taken.</summary>
    public IReadOnlyList<Diagnostic> Findings { get; private set; } = [];

    /// <summary>Deployments that are not active, one sentence each.</summary>
    public IReadOnlyList<string> Problems { get; private set; } = [];

    /// <summary>Reads and takes the folder now. False when it was refused.</summary>
    public async Task<bool> TakeAsync(CancellationToken cancellationToken)
    {
        _seen = WorkspaceFiles.Stamp(folder);
        var load = WorkspaceLoad.Read(WorkspaceFiles.Read(folder), connectors, environment);
        Findings = [.. load.Diagnostics.Where(d => d.IsError)];
        if (load.HasErrors)
        {
            HostLog.Refused(log, Findings.Count);
            foreach (var finding in Findings) HostLog.Problem(log, DiagnosticRenderer.Render(finding).TrimEnd());
            return false;
        }

        Problems = await host.TakeAsync(load, cancellationToken).ConfigureAwait(false);
        foreach (var problem in Problems) HostLog.Problem(log, problem);
        _retryAt = Problems.Count > 0 ? host.Time.GetUtcNow() + Again : null;
        HostLog.Taken(log, load.Deployments.Count - Problems.Count);
        return true;
    }

    /// <summary>Looks for changes every second until it is cancelled; deployments that could not be opened are tried again every 15 seconds.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Look, host.Time, cancellationToken).ConfigureAwait(false);
                var stamp = WorkspaceFiles.Stamp(folder);
                if (stamp != _seen || (_retryAt is { } at && host.Time.GetUtcNow() >= at)) await TakeAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A file in the middle of being written, or gone between listing and reading: the next look sees it whole.
                HostLog.Unreadable(log, e.Message);
            }
        }
    }
}
