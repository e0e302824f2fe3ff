using System.Globalization;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>One thing that was looked at.</summary>
/// <param name="Check">What.</param>
/// <param name="Good">Whether it is as it should be.</param>
/// <param name="Message">What was found, and what to do when it is not good.</param>
public sealed record CheckUp(string Check, bool Good, string Message);

/// <summary>Looks at everything that can be wrong with a workspace, one sentence each.</summary>
public sealed class Doctor(FlowHost host, WorkspaceRunner workspaceFolder)
{
    private const long LeastDisk = 1024L * 1024 * 1024;

    private static readonly TimeSpan Soon = TimeSpan.FromDays(14);

    /// <summary>All findings: folder, connections with permissions and fields, clock, disk, master key, keys, deployments, dead letters.</summary>
    public async Task<IReadOnlyList<CheckUp>> LookAsync(HostedWorkspace workspace, CancellationToken cancellationToken)
    {
        var found = new List<CheckUp>();
        if (workspaceFolder.Folder is { } folder && workspace.Name == host.Names.Workspace)
        {
            var wrong = workspaceFolder.Findings.Select(f => f.ToString()).Concat(workspaceFolder.Problems).ToList();
            found.Add(new CheckUp("workspace folder", wrong.Count == 0, wrong.Count == 0 ? $"{folder} was taken." : string.Join(" ", wrong)));
        }

        foreach (var name in workspace.Connections.Names.Keys.Order(StringComparer.Ordinal))
        {
            var (opened, missing) = await host.TestAsync(workspace, name, cancellationToken).ConfigureAwait(false);
            found.Add(!opened.Succeeded ? new CheckUp($"connection {name}", false, $"It cannot be opened ({opened.Error.Kind}, {opened.Error.Code}): {opened.Error.Message}")
                : missing.Count > 0 ? new CheckUp($"connection {name}", false, $"The org lacks what flows need: {string.Join(" ", missing)}")
                : new CheckUp($"connection {name}", true, $"It is open: {opened.Value.Realm}."));
        }

        found.Add(await StoreAsync(cancellationToken).ConfigureAwait(false));
        found.AddRange(Files(host.DatabaseFile, host.KeyFile));
        var now = host.Time.GetUtcNow();
        foreach (var key in await host.Settings.AccessKeys.ListAsync(workspace.Name, cancellationToken).ConfigureAwait(false))
        {
            if (key.RevokedAt is not null || key.ExpiresAt is not { } end || end > now + Soon || end < now - Soon) continue;
            found.Add(new CheckUp($"key {key.Name}", false, string.Create(CultureInfo.InvariantCulture, $"It {(end < now ? "expired" : "expires")} on {end:yyyy-MM-dd}; rotate it: POST /api/keys/{key.Id}/rotate.")));
        }

        foreach (var active in host.Runtime.Registry.All.Where(d => d.Ref.Workspace == workspace.Name).OrderBy(d => d.Name, StringComparer.Ordinal))
        {
            var letters = await host.View.DeadLetters.ListAsync(new DeadLetterFilter { Workspace = workspace.Name, Deployment = active.Ref.Id, Limit = 200 }, cancellationToken).ConfigureAwait(false);
            found.Add(active.State != DeploymentState.Active ? new CheckUp($"deployment {active.Name}", false, active.PausedBecause ?? $"It is {active.State.ToString().ToLowerInvariant()}.")
                : letters.Count > 0 ? new CheckUp($"deployment {active.Name}", false, $"It has {(letters.Count == 200 ? "200 or more" : letters.Count)} dead letters; the newest: {letters[0].Content.Message}")
                : new CheckUp($"deployment {active.Name}", true, "It is active and has no dead letters."));
        }

        var fields = FieldGraph.OfRunning(host, workspace);
        foreach (var deployment in host.Runtime.Registry.All.Where(d => d.Ref.Workspace == workspace.Name).Select(d => d.Group ?? d.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var nowhere = new Definitions.SourceText(deployment, "").SpanOf(0, 0);
            // Each of those concerned knows it; it is told once.
            var shared = fields.Of(deployment).Where(s => s.Deployments.Min(StringComparer.Ordinal) == deployment);
            found.AddRange(shared.Select(s => HostingDiagnostics.FieldsShared(nowhere, s)).Select(d => new CheckUp($"fields of {deployment}", false, $"{d.Message} {d.Hint}")));
        }

        found.AddRange(host.Runtime.PausesOf(workspace.Name).Select(p => new CheckUp("pause", false, p)));
        return found;
    }

    private async Task<CheckUp> StoreAsync(CancellationToken cancellationToken)
    {
        var begin = host.Time.GetTimestamp();
        await host.View.Inbox.CountAsync(cancellationToken).ConfigureAwait(false);
        var took = host.Time.GetElapsedTime(begin);
        return new CheckUp("database", took < TimeSpan.FromSeconds(2), string.Create(CultureInfo.InvariantCulture, $"It answered in {took.TotalMilliseconds:0} ms."));
    }

    private static IEnumerable<CheckUp> Files(string? database, string? keyFile)
    {
        if (database is not null) yield return Disk(new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(database))!).AvailableFreeSpace);
        if (OperatingSystem.IsWindows()) yield break;
        foreach (var file in new[] { database, keyFile }.OfType<string>().Where(File.Exists))
        {
            var others = File.GetUnixFileMode(file) & (UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite);
            yield return new CheckUp(file == keyFile ? "master key" : "database file", others == 0, others == 0 ? $"{file} belongs to its owner only." : $"Others may read {file}: chmod 600 {file}.");
        }
    }

    private static CheckUp Disk(long free) => new("disk", free >= LeastDisk, string.Create(CultureInfo.InvariantCulture, $"{free / (1024.0 * 1024 * 1024):0.0} GB are free beside the database{(free >= LeastDisk ? "." : "; make room, or events will be refused.")}"));
}
