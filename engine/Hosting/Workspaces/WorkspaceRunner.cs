using Microsoft.Extensions.Logging;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Hosting;

/// <summary>
/// Follows a workspace folder while the server runs: a whole, clean change is taken, a broken one is refused with its lines and the last good version goes on. Without a folder only what the
/// API keeps runs.
/// </summary>
public sealed class WorkspaceRunner(FlowHost host, string? folder, IReadOnlyList<IConnector> connectors, Func<string, string?> environment, ILogger<WorkspaceRunner> log)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(15);

    /// <summary>How long a start waits for vendors; opening goes on behind it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private string _seen = "";
    private Task _opening = Task.CompletedTask;
    private DateTimeOffset? _retryAt;
    private DateTimeOffset _followed;
    private Func<CancellationToken, Task<IReadOnlyList<string>>>? _activate;
    private IReadOnlyList<string> _ofFiles = [];
    private IReadOnlyList<string> _ofKept = [];

    /// <summary>Follows what other processes that share the database were told; null = there are none. Asked every other second.</summary>
    public Func<CancellationToken, Task<IReadOnlyList<string>>>? Others { get; set; }

    /// <summary>The folder that is followed; null = none.</summary>
    public string? Folder => folder;

    /// <summary>The findings of the last reading; empty when it was taken.</summary>
    public IReadOnlyList<Diagnostic> Findings { get; private set; } = [];

    /// <summary>Deployments that are not active, one sentence each.</summary>
    public IReadOnlyList<string> Problems => [.. _ofFiles, .. _ofKept];

    /// <summary>Activates what the API keeps, now and again while some of it cannot be.</summary>
    /// <param name="activate">Activates what is not active; tells one sentence for each that it could not.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task ActivateKeptAsync(Func<CancellationToken, Task<IReadOnlyList<string>>> activate, CancellationToken cancellationToken)
    {
        _activate = activate;
        await ActivateKeptAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The folder as it was read while the database was opened; the first taking needs not read it again. Null = nobody did.</summary>
    public Task<WorkspaceReading>? Ahead { private get; set; }

    /// <summary>Reads and takes the folder now. False when it was refused.</summary>
    public async Task<bool> TakeAsync(CancellationToken cancellationToken)
    {
        if (folder is null) return true;
        var reading = Ahead is { } ahead ? await ahead.ConfigureAwait(false) : WorkspaceReading.Of(folder, connectors, environment);
        Ahead = null;
        _seen = reading.Stamp;
        var load = reading.Load;
        Findings = [.. load.Diagnostics.Where(d => d.IsError)];
        if (load.HasErrors)
        {
            HostLog.Refused(log, Findings.Count);
            foreach (var finding in Findings) HostLog.Problem(log, DiagnosticRenderer.Render(finding).TrimEnd());
            return false;
        }

        await OpenAsync(OpenFilesAsync(load, cancellationToken), () => _ofFiles = ["Connections of the workspace's files are still being opened."]).ConfigureAwait(false);
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
                if (!_opening.IsCompleted) continue;
                await _opening.ConfigureAwait(false);
                var due = _retryAt is { } at && host.Time.GetUtcNow() >= at;
                if (due && _ofKept.Count > 0) await ActivateKeptAsync(cancellationToken).ConfigureAwait(false);
                if (Others is not null && host.Time.GetUtcNow() - _followed >= Look * 2) await FollowOthersAsync(Others, cancellationToken).ConfigureAwait(false);
                if (folder is not null && (WorkspaceFiles.Stamp(folder) != _seen || (due && _ofFiles.Count > 0))) await TakeAsync(cancellationToken).ConfigureAwait(false);
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

    private async Task FollowOthersAsync(Func<CancellationToken, Task<IReadOnlyList<string>>> others, CancellationToken cancellationToken)
    {
        _followed = host.Time.GetUtcNow();
        try
        {
            var problems = await others(cancellationToken).ConfigureAwait(false);
            if (problems.Count == 0) return;
            _ofKept = problems;
            foreach (var problem in problems) HostLog.Problem(log, problem);
            RetryLater();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The database failed: the next look follows.
            HostLog.NotFollowed(log, e.Message);
        }
    }

    private Task ActivateKeptAsync(CancellationToken cancellationToken) =>
        OpenAsync(OpenKeptAsync(cancellationToken), () => _ofKept = ["Connections of kept deployments are still being opened."]);

    /// <summary>A vendor that does not answer must not keep the others, and the API, waiting: what takes longer goes on by itself, and is told as a problem until it has ended.</summary>
    private async Task OpenAsync(Task opening, Action tell)
    {
        _opening = Task.WhenAll(_opening, opening);
        using var enough = new CancellationTokenSource();
        if (await Task.WhenAny(opening, Task.Delay(Patience, host.Time, enough.Token)).ConfigureAwait(false) != opening)
        {
            tell();
            return;
        }

        await enough.CancelAsync().ConfigureAwait(false);
        await opening.ConfigureAwait(false);
    }

    private async Task OpenFilesAsync(WorkspaceLoad load, CancellationToken cancellationToken)
    {
        _ofFiles = await host.TakeAsync(load, cancellationToken).ConfigureAwait(false);
        foreach (var problem in _ofFiles) HostLog.Problem(log, problem);
        RetryLater();
        HostLog.Taken(log, load.Deployments.Count - _ofFiles.Count);
    }

    private async Task OpenKeptAsync(CancellationToken cancellationToken)
    {
        _ofKept = await _activate!(cancellationToken).ConfigureAwait(false);
        foreach (var problem in _ofKept) HostLog.Problem(log, problem);
        RetryLater();
    }

    private void RetryLater() => _retryAt = _ofFiles.Count + _ofKept.Count > 0 ? host.Time.GetUtcNow() + Again : null;
}
