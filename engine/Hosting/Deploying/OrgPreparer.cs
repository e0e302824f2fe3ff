using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Hosting;

/// <summary>Looks what the orgs of a judged deployment lack and, when a person asks for it, makes the fields and grants them to the connection's user.</summary>
public sealed class OrgPreparer(FlowHost host)
{
    /// <summary>The permission set that grants what was made.</summary>
    public const string PermissionSet = "Workflow_Engine";

    /// <summary>What is missing; an org that cannot be asked is told of elsewhere.</summary>
    public async Task<IReadOnlyList<OrgGap>> LookAsync(HostedWorkspace workspace, Judgement judgement, CancellationToken cancellationToken)
    {
        var gaps = new List<OrgGap>();
        foreach (var org in await NeedsAsync(workspace, judgement, cancellationToken).ConfigureAwait(false)) gaps.AddRange((await MissingAsync(org, cancellationToken).ConfigureAwait(false)).Gaps);
        return gaps;
    }

    /// <summary>Makes and grants what can be, and looks again: a field alone is invisible.</summary>
    public async Task<OrgPreparation> PrepareAsync(HostedWorkspace workspace, Judgement judgement, CancellationToken cancellationToken)
    {
        var (made, problems, left) = (new List<string>(), new List<string>(), new List<OrgGap>());
        foreach (var org in await NeedsAsync(workspace, judgement, cancellationToken).ConfigureAwait(false))
        {
            var (gaps, problem) = await MissingAsync(org, cancellationToken).ConfigureAwait(false);
            if (problem is not null) problems.Add(problem);
            if (gaps.Count == 0) continue;
            SetupGap[] wanted = [.. gaps.Select(g => g.Gap).Where(g => g.CanCreate)];
            // Once begun it is done: a field that nobody may see helps nobody.
            var outcomes = await org.Setup.CreateAsync(wanted, CancellationToken.None).ConfigureAwait(false);
            problems.AddRange(wanted.Zip(outcomes).Where(o => !o.Second.Succeeded).Select(o => $"{Name(org, o.First)} could not be made: {o.Second.Error?.Message}"));
            SetupGap[] granted = [.. wanted.Zip(outcomes).Where(o => o.Second.Succeeded).Select(o => o.First), .. gaps.Select(g => g.Gap).Where(g => g.Kind == SetupGapKind.Writable)];
            if (granted.Length > 0 && await org.Setup.GrantAsync(PermissionSet, granted, CancellationToken.None).ConfigureAwait(false) is { } refused)
            {
                problems.Add($"{org.Connection}: the permission set {PermissionSet} could not grant them: {refused.Message}");
            }

            var (still, again) = await MissingAsync(org, cancellationToken).ConfigureAwait(false);
            if (again is not null) problems.Add(again);
            else made.AddRange(granted.Where(g => still.All(s => s.Gap.Entity != g.Entity || s.Gap.Field?.Name != g.Field?.Name)).Select(g => Name(org, g)));
            left.AddRange(still);
        }

        return new OrgPreparation(made, problems, left);
    }

    private static string Name(OrgNeed org, SetupGap gap) => $"{org.Connection}: {gap.Entity}.{gap.Field!.Name}";

    private static async Task<(IReadOnlyList<OrgGap> Gaps, string? Problem)> MissingAsync(OrgNeed org, CancellationToken cancellationToken)
    {
        var missing = await org.Setup.MissingAsync(org.Required, cancellationToken).ConfigureAwait(false);
        return missing.Succeeded ? ([.. missing.Value.Select(g => new OrgGap(org.Connection, g))], null) : ([], $"{org.Connection} cannot be asked: {missing.Error.Message}");
    }

    /// <summary>By connection what all flows of the deployment require together, in the org's names.</summary>
    private async Task<IReadOnlyList<OrgNeed>> NeedsAsync(HostedWorkspace workspace, Judgement judgement, CancellationToken cancellationToken)
    {
        var needs = new SortedDictionary<string, (IOrgSetup Setup, SortedDictionary<string, SortedDictionary<string, FieldDescriptor>> Required)>(StringComparer.Ordinal);
        foreach (var planned in judgement.Planned)
        {
            IReadOnlySet<string>? leftOut = null;
            foreach (var required in planned.Definition.Requires)
            {
                var logical = required.Connection.Value;
                if (planned.Connections.GetValueOrDefault(logical) is not { } name) continue;
                var opened = await workspace.Connections.OpenAsync(name, cancellationToken).ConfigureAwait(false);
                if (!opened.Succeeded || opened.Value.Connection.Setup is not { } setup) continue;
                leftOut ??= await LeftOut.FieldsAsync(planned, host.Evaluator, cancellationToken).ConfigureAwait(false);
                if (!needs.TryGetValue(name, out var need)) needs[name] = need = (setup, new(StringComparer.Ordinal));
                var names = planned.Names.GetValueOrDefault(logical);
                foreach (var entity in required.Entities)
                {
                    var known = planned.Flow.Entities.GetValueOrDefault(logical)?.FirstOrDefault(e => e.Name == entity.Entity.Value);
                    var fields = Of(need.Required, names?.Entity(entity.Entity.Value) ?? entity.Entity.Value);
                    foreach (var field in entity.Fields.Where(f => !leftOut.Contains($"{logical}/{entity.Entity.Value}.{f.Name.Value}")).Select(f => known?.Field(f.Name.Value)).OfType<FieldDescriptor>())
                    {
                        var named = names?.Path(entity.Entity.Value, field.Name) ?? field.Name;
                        fields[named] = field with { Name = named, Type = field.Type.Entity is { } parent && names is not null ? field.Type with { Entity = names.Entity(parent) } : field.Type };
                    }
                }
            }
        }

        return [.. needs.Select(n => new OrgNeed(n.Key, n.Value.Setup, [.. n.Value.Required.Select(e => new EntityDescriptor { Name = e.Key, Fields = [.. e.Value.Values] })]))];
    }

    private static SortedDictionary<string, FieldDescriptor> Of(SortedDictionary<string, SortedDictionary<string, FieldDescriptor>> required, string entity)
    {
        if (!required.TryGetValue(entity, out var fields)) required[entity] = fields = new(StringComparer.Ordinal);
        return fields;
    }

    private sealed record OrgNeed(string Connection, IOrgSetup Setup, IReadOnlyList<EntityDescriptor> Required);
}
