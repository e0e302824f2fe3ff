using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Definitions;
using WorkflowEngine.Runtime;
using WorkflowEngine.Storage;
using DeploymentState = WorkflowEngine.Runtime.DeploymentState;

namespace WorkflowEngine.Hosting;

/// <summary>Deployments that the API keeps: judged, activated, paused, gone back, loaded at start. A version is stored before it runs.</summary>
public sealed class Deployer(FlowHost host, TemplateLibrary library)
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(15);

    /// <summary>Which version of each deployment that the API keeps runs here; null = none, or an older one.</summary>
    private readonly ConcurrentDictionary<(string Workspace, string Name), VersionTold?> _running = new();

    /// <summary>When a version was last tried that could not be activated: a vendor that is away is not asked again at each look.</summary>
    private readonly ConcurrentDictionary<(string Workspace, string Name), (VersionTold Version, DateTimeOffset At)> _tried = new();
    private bool _loaded;

    /// <summary>Judges a request; opens connections and asks the orgs, changes nothing.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="name">The deployment.</param>
    /// <param name="specification">The request in normal form.</param>
    /// <param name="hash">The template's content, where it is known already; null = what the request names.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<Judgement> JudgeAsync(HostedWorkspace workspace, string name, string specification, string? hash, CancellationToken cancellationToken)
    {
        var versions = await host.Settings.DeploymentVersions.ListAsync(workspace.Name, name, cancellationToken).ConfigureAwait(false);
        var judgement = new Judgement
        {
            Name = name, Specification = specification, Current = versions.Count > 0 ? versions[0] : null, SaysState = DeploymentRequest.Text(specification, "state") is not null,
        };
        var id = DeploymentRequest.Text(specification, "template")!;
        var version = hash ?? DeploymentRequest.Text(specification, "version");
        if (await library.FindAsync(workspace.Name, id, version, cancellationToken).ConfigureAwait(false) is not { } template)
        {
            return judgement with { Problems = [version is null ? $"There is no template '{id}'." : $"There is no version '{version}' of a template '{id}'."] };
        }

        var found = new List<Diagnostic>(template.Bundle.Diagnostics.Where(d => d.IsError));
        var parsed = DeploymentParser.Parse(new SourceText($"{name}.json", DeploymentRequest.File(name, specification)));
        found.AddRange(parsed.Diagnostics);
        judgement = judgement with { Template = template, Findings = found };
        if (parsed.Value is not { } definition || parsed.HasErrors) return judgement;
        if (definition.HookToken is { } token) found.Add(HostingDiagnostics.HookTokenByApi(token.Span));
        var planned = DeploymentBinder.Bind(definition, template.Bundle, workspace.Connections.Names, _ => null, found, tokensKept: true);
        if (found.Any(d => d.IsError)) return judgement;
        var (problems, realms, bound) = await OpenAsync(workspace, planned, cancellationToken).ConfigureAwait(false);
        var shared = FieldGraph.Of(host, workspace, name, bound);
        found.AddRange(shared.Select(s => HostingDiagnostics.FieldsShared(definition.Template.Span, s)));
        return judgement with { Planned = planned, Problems = problems, OtherRealms = realms, Shared = shared };
    }

    /// <summary>A judged flow as it would run, for a plan; nothing is stored or activated. The problem is one sentence.</summary>
    public async Task<(ActiveDeployment? Active, string? Problem)> AsActiveAsync(HostedWorkspace workspace, PlannedDeployment planned, CancellationToken cancellationToken)
    {
        var (connections, problem) = await ConnectionBinder.BindAsync(workspace, planned, NullLogger.Instance, cancellationToken).ConfigureAwait(false);
        if (connections is null) return (null, problem);
        (planned, var unnamed) = await RecordNames.ResolveAsync(planned, connections, cancellationToken).ConfigureAwait(false);
        if (unnamed.Count > 0) return (null, string.Join(" ", unnamed));
        var now = host.Time.GetUtcNow();
        return (new ActiveDeployment
        {
            Ref = new DeploymentRef(workspace.Name, workspace.Names.Find(planned.Name) ?? Guid.NewGuid()), Name = planned.Name, Group = planned.Group, Flow = planned.Flow, Connections = connections,
            Parameters = planned.Parameters, Tables = planned.Tables, Since = planned.Since, CreatedAt = now, State = DeploymentState.Active,
        }, null);
    }

    /// <summary>Stores a judged request as the newest version and activates it. Null when somebody else was faster.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="judgement">The request; not refused.</param>
    /// <param name="note">For people.</param>
    /// <param name="by">Who asked.</param>
    /// <param name="cancellationToken">Cancels before anything is stored.</param>
    /// <returns>The version and one sentence for each flow that is not active.</returns>
    public async Task<(DeploymentVersion? Version, IReadOnlyList<string> Problems)> ApplyAsync(
        HostedWorkspace workspace, Judgement judgement, string? note, string by, CancellationToken cancellationToken)
    {
        await using (await workspace.ChangeAsync(cancellationToken).ConfigureAwait(false))
        {
            var template = judgement.Template!;
            await library.KeepAsync(workspace.Name, template, host.Time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
            var version = judgement.Same ? judgement.Current : await host.Settings.DeploymentVersions.AddAsync(
                new DeploymentVersion
                {
                    Workspace = workspace.Name, Name = judgement.Name, Template = template.Id, TemplateHash = template.Hash, Specification = judgement.Specification, Note = note,
                    CreatedAt = host.Time.GetUtcNow(), CreatedBy = by,
                },
                judgement.Current?.Number ?? 0,
                cancellationToken).ConfigureAwait(false);
            if (version is null) return (null, []);

            // From here on it is decided: a caller who goes away does not leave half of it.
            return (version, await RunAsync(workspace, version, judgement.Planned, judgement.SaysState || judgement.Current is null, CancellationToken.None).ConfigureAwait(false));
        }
    }

    /// <summary>Activates every deployment that is kept and not active; at the first call also loads connections and tokens. One sentence for each that cannot be.</summary>
    public async Task<IReadOnlyList<string>> ActivateAllAsync(CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        if (!_loaded) await LoadAsync(problems, cancellationToken).ConfigureAwait(false);
        foreach (var version in await host.Settings.DeploymentVersions.ReadCurrentAsync(cancellationToken).ConfigureAwait(false))
        {
            if (_loaded && FlowsOf(host.Workspace(version.Workspace), version.Name).Count > 0) continue;
            problems.AddRange(await ActivateAsync(version, cancellationToken).ConfigureAwait(false));
        }

        _loaded = true;
        return problems;
    }

    /// <summary>Runs what other processes that share the database were told to: versions that are newer than those that run here, and no more what was taken away.</summary>
    /// <returns>One sentence for each flow that is not active.</returns>
    public async Task<IReadOnlyList<string>> FollowAsync(CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        var current = await host.Settings.DeploymentVersions.ReadCurrentAsync(cancellationToken).ConfigureAwait(false);
        foreach (var version in current)
        {
            var key = (version.Workspace, version.Name);
            if (_running.GetValueOrDefault(key) == VersionTold.Of(version)) continue;
            if (_tried.TryGetValue(key, out var tried) && tried.Version == VersionTold.Of(version) && host.Time.GetUtcNow() - tried.At < Again) continue;
            problems.AddRange(await ActivateAsync(version, cancellationToken).ConfigureAwait(false));
        }

        foreach (var gone in _running.Keys.Where(n => !current.Any(v => v.Workspace == n.Workspace && v.Name == n.Name)).ToList())
        {
            _running.TryRemove(gone, out _);
            var workspace = host.Workspace(gone.Workspace);
            foreach (var active in FlowsOf(workspace, gone.Name))
            {
                await host.Runtime.RetireAsync(active.Ref, "the deployment was taken away").ConfigureAwait(false);
                workspace.Kept.TryRemove(active.Name, out _);
            }

            workspace.Kept.TryRemove(gone.Name, out _);
        }

        return problems;
    }

    private async Task<IReadOnlyList<string>> ActivateAsync(DeploymentVersion version, CancellationToken cancellationToken)
    {
        var workspace = host.Workspace(version.Workspace);
        _tried[(version.Workspace, version.Name)] = (VersionTold.Of(version), host.Time.GetUtcNow());
        _running.TryAdd((version.Workspace, version.Name), null);
        var judgement = await JudgeAsync(workspace, version.Name, version.Specification, version.TemplateHash, cancellationToken).ConfigureAwait(false);
        workspace.Kept[version.Name] = true;
        foreach (var planned in judgement.Planned) workspace.Kept[planned.Name] = true;
        if (judgement.Refused) return Refusal(judgement);
        await using (await workspace.ChangeAsync(cancellationToken).ConfigureAwait(false))
        {
            // Judged beside others who change it: what counts is what is told now, and the next look finds that.
            var told = await host.Settings.DeploymentVersions.ListAsync(version.Workspace, version.Name, cancellationToken).ConfigureAwait(false);
            if (told.Count == 0 || VersionTold.Of(told[0]) != VersionTold.Of(version)) return [];

            // Who binds it to another org stores first the version and then the realms.
            if (judgement.OtherRealms.Count > 0) judgement = await JudgeAsync(workspace, version.Name, version.Specification, version.TemplateHash, cancellationToken).ConfigureAwait(false);
            if (judgement.OtherRealms.Count > 0) return [$"{string.Join(" ", judgement.OtherRealms)} It is not run: if that is meant, deploy it again with confirmRealm=true."];
            return judgement.Refused ? Refusal(judgement) : await RunAsync(workspace, version, judgement.Planned, resume: false, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<IReadOnlyList<string>> RunAsync(HostedWorkspace workspace, DeploymentVersion version, IReadOnlyList<PlannedDeployment> planned, bool resume, CancellationToken cancellationToken)
    {
        var problems = await ActivateAsync(workspace, version.Name, planned, resume, cancellationToken).ConfigureAwait(false);
        _running[(version.Workspace, version.Name)] = problems.Count == 0 ? VersionTold.Of(version) : null;
        return problems;
    }

    private static List<string> Refusal(Judgement judgement) => [.. judgement.Problems.Concat(judgement.Findings.Where(f => f.IsError).Select(f => f.Message)).Select(p => $"{judgement.Name}: {p}")];

    private async Task LoadAsync(List<string> problems, CancellationToken cancellationToken)
    {
        foreach (var token in await host.Settings.HookTokens.ReadAsync(null, cancellationToken).ConfigureAwait(false)) host.Hooks.Add(token);
        foreach (var stored in await host.Settings.Connections.ReadAsync(null, cancellationToken).ConfigureAwait(false))
        {
            if (host.Connectors.All(c => c.Descriptor.Name != stored.Connector)) problems.Add($"The connection '{stored.Name}' needs the connector '{stored.Connector}', which is not installed.");
            else await ConnectAsync(host.Workspace(stored.Workspace), stored, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Puts a kept connection in place.</summary>
    public Task ConnectAsync(HostedWorkspace workspace, StoredConnection stored, CancellationToken cancellationToken)
    {
        workspace.KeptConnections[stored.Name] = true;
        return host.ConnectAsync(workspace, SettingsOf(stored), [], cancellationToken);
    }

    public static ConnectionSettings SettingsOf(StoredConnection stored) =>
        new() { Name = stored.Name, Connector = stored.Connector, Settings = stored.Settings, Secrets = stored.Secrets };

    /// <summary>Pauses all flows of a deployment, or lets them go on; also one that a file describes. False when there is none.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="name">The deployment, or one flow of it.</param>
    /// <param name="because">Why it is paused; null = it goes on.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<bool> SetStateAsync(HostedWorkspace workspace, string name, string? because, CancellationToken cancellationToken)
    {
        await using var change = await workspace.ChangeAsync(cancellationToken).ConfigureAwait(false);
        var flows = FlowsOf(workspace, name);
        foreach (var active in flows)
        {
            if (because is null) await host.Runtime.ResumeAsync(active.Ref).ConfigureAwait(false);
            else await host.Runtime.PauseAsync(active.Ref, because).ConfigureAwait(false);
        }

        return flows.Count > 0;
    }

    /// <summary>Takes a kept deployment away: it stops for good, its runs and dead letters stay readable.</summary>
    public async Task DeleteAsync(HostedWorkspace workspace, string name, CancellationToken cancellationToken)
    {
        await using (await workspace.ChangeAsync(cancellationToken).ConfigureAwait(false))
        {
            foreach (var active in FlowsOf(workspace, name))
            {
                await RetireAsync(active, cancellationToken).ConfigureAwait(false);
                workspace.Kept.TryRemove(active.Name, out _);
            }

            workspace.Kept.TryRemove(name, out _);
            await host.Settings.DeploymentVersions.DeleteAsync(workspace.Name, name, cancellationToken).ConfigureAwait(false);
            _running.TryRemove((workspace.Name, name), out _);
        }
    }

    /// <summary>The flows of a deployment that run.</summary>
    public IReadOnlyList<ActiveDeployment> FlowsOf(HostedWorkspace workspace, string name) =>
    [
        .. host.Runtime.Registry.All.Where(d => d.Ref.Workspace == workspace.Name && (d.Name == name || d.Name.StartsWith(name + "/", StringComparison.Ordinal)))
            .OrderBy(d => d.Name, StringComparer.Ordinal),
    ];

    /// <summary>Stops a flow for good; what waits of it ends. It is stored without a reason of a person, so that one that comes back under its name runs.</summary>
    private async Task RetireAsync(ActiveDeployment active, CancellationToken cancellationToken)
    {
        await host.Runtime.RetireAsync(active.Ref, "the deployment was taken away").ConfigureAwait(false);
        var known = await host.View.Deployments.ReadAllAsync(cancellationToken).ConfigureAwait(false);
        if (known.FirstOrDefault(d => d.Workspace == active.Ref.Workspace && d.Id == active.Ref.Id) is not { } record) return;
        await host.View.Deployments.SaveAsync(record with { State = DeploymentState.Paused, PausedBecause = null }, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<string>> ActivateAsync(
        HostedWorkspace workspace, string name, IReadOnlyList<PlannedDeployment> planned, bool resume, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        foreach (var connection in planned.SelectMany(p => p.Connections.Values).Distinct())
        {
            if (workspace.Connections.SettingsOf(connection) is { } settings) await host.ConnectAsync(workspace, settings, planned.Select(p => p.Flow), cancellationToken).ConfigureAwait(false);
        }

        workspace.Kept[name] = true;
        var known = await host.View.Deployments.ReadAllAsync(cancellationToken).ConfigureAwait(false);
        foreach (var flow in planned)
        {
            workspace.Kept[flow.Name] = true;
            if (await host.DeployAsync(workspace, flow, known, resume, cancellationToken).ConfigureAwait(false) is { } problem) problems.Add(problem);
        }

        // A flow that the template no longer has stops; its runs stay readable.
        foreach (var gone in FlowsOf(workspace, name).Where(d => planned.All(p => p.Name != d.Name)))
        {
            await RetireAsync(gone, cancellationToken).ConfigureAwait(false);
            workspace.Kept.TryRemove(gone.Name, out _);
        }

        return problems;
    }

    private async Task<(List<string> Problems, List<string> OtherRealms, List<(PlannedDeployment, IReadOnlyDictionary<string, BoundConnection>)> Bound)> OpenAsync(
        HostedWorkspace workspace, IReadOnlyList<PlannedDeployment> planned, CancellationToken cancellationToken)
    {
        var (problems, realms) = (new List<string>(), new List<string>());
        var bound = new List<(PlannedDeployment, IReadOnlyDictionary<string, BoundConnection>)>();
        var opened = new Dictionary<string, BoundConnection>(StringComparer.Ordinal);
        foreach (var name in planned.SelectMany(p => p.Connections.Values).Distinct())
        {
            var connection = await workspace.Connections.OpenAsync(name, cancellationToken).ConfigureAwait(false);
            if (connection.Succeeded) opened[name] = connection.Value;
            else problems.Add($"The connection '{name}' cannot be opened ({connection.Error.Kind}, {connection.Error.Code}): {connection.Error.Message}");
        }

        var known = await host.View.Deployments.ReadAllAsync(cancellationToken).ConfigureAwait(false);
        foreach (var flow in planned)
        {
            if (flow.Connections.Values.Any(c => !opened.ContainsKey(c))) continue;
            var connections = flow.Connections.ToDictionary(c => c.Key, c => flow.Bind(c.Key, opened[c.Value]));
            bound.Add((flow, connections));
            problems.AddRange(await OrgCheck.MissingAsync(flow, connections, host.Evaluator, cancellationToken).ConfigureAwait(false));
            problems.AddRange((await RecordNames.ResolveAsync(flow, connections, cancellationToken).ConfigureAwait(false)).Problems);
            if (Rebinding.Newest(known, workspace.Name, flow.Name) is not { } before) continue;
            realms.AddRange(connections.Where(c => before.Realms.TryGetValue(c.Key, out var realm) && realm != c.Value.Realm).Select(c => $"{flow.Name}: {c.Key} was {before.Realms[c.Key]} and would be {c.Value.Realm}."));
        }

        return (problems, realms, bound);
    }
}
