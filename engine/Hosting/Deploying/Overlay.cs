using WorkflowEngine.Compilation;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Hosting;

/// <summary>
/// Applies what a deployment changes in its template: lines of steps, conditions, messages, tables of its own. What has vanished from the template is said before anything else; a line keeps its
/// place in the deployment's file, so that its mistakes are shown there.
/// </summary>
internal static class Overlay
{
    /// <summary>The file, among those of a flow version, that holds the deployment the version was compiled with.</summary>
    public const string SourcePath = "(deployment).yaml";

    /// <summary>True when the deployment changes more than parameters, connections and rows.</summary>
    public static bool Changes(DeploymentDefinition deployment) =>
        deployment.Overlay.Count > 0 || deployment.Requires.Count > 0 || deployment.Names.Count > 0 || deployment.Tables.Any(t => t is { Key: not null, Columns.Count: > 0 });

    /// <summary>The template's flows as the deployment wants them.</summary>
    public static IReadOnlyList<BundledFlow> Apply(DeploymentDefinition deployment, IReadOnlyList<BundledFlow> flows, List<Diagnostic> found)
    {
        var mistakes = found.Count(d => d.IsError);
        foreach (var overlay in deployment.Overlay)
        {
            if (!flows.Any(f => Is(f.Definition, overlay.Flow.Value))) found.Add(HostingDiagnostics.OverlayOfNoFlow(overlay.Flow, flows.Select(f => f.Definition.Flow.Value)));
        }

        var own = deployment.Tables.Where(t => t is { Key: not null, Columns.Count: > 0 }).ToList();
        var changed = flows.Select(f =>
        {
            var definition = f.Definition;
            foreach (var change in deployment.Overlay.Where(o => Is(definition, o.Flow.Value)).SelectMany(o => o.Steps)) definition = Change(definition, change, found);
            var shared = f.Context?.Template?.Tables ?? [];
            var added = own.Where(t => definition.Tables.Concat(shared).All(known => known.Name.Value != t.Name.Value)).ToList();
            // A flow of the template that does not speak to the connection has nothing to do with its fields.
            var fields = deployment.Requires.Where(r => f.Compiled?.Connections.ContainsKey(r.Connection.Value) == true).ToList();
            return added.Count + fields.Count == 0 ? definition : definition with { Tables = [.. definition.Tables, .. added], Requires = [.. definition.Requires, .. fields] };
        }).ToList();
        if (found.Count(d => d.IsError) > mistakes) return flows;
        var source = new BundledSource(SourcePath, deployment.Source.Content);
        var result = new List<BundledFlow>(flows.Count);
        for (var i = 0; i < flows.Count; i++)
        {
            if (flows[i].Context is not { } context || flows[i].Compiled is null)
            {
                result.Add(flows[i]);
                continue;
            }

            var compiled = FlowCompiler.Compile(changed[i], context with { Siblings = changed });

            // What the template itself is told about has been told; here only what the overlay makes of it counts.
            found.AddRange(compiled.Diagnostics.Where(d => d.IsError || d.Span.Source.Path == deployment.Source.Path));
            result.Add(flows[i] with { Definition = changed[i], Compiled = compiled.Flow, Sources = [.. flows[i].Sources.Where(s => s.Path != SourcePath), source] });
        }

        return result;
    }

    private static bool Is(FlowDefinition flow, string name) => flow.Flow.Value == name || flow.Was.Any(w => w.Value == name);

    private static FlowDefinition Change(FlowDefinition flow, OverlayStep change, List<Diagnostic> found)
    {
        var hits = 0;
        var steps = Steps(flow.Steps, change, found, ref hits);
        if (hits > 0) return flow with { Steps = steps };
        found.Add(HostingDiagnostics.OverlayOfNoStep(change.Step, flow.Flow.Value, Ids(flow.Steps)));
        return flow;
    }

    private static List<StepDefinition> Steps(IReadOnlyList<StepDefinition> steps, OverlayStep change, List<Diagnostic> found, ref int hits)
    {
        var result = new List<StepDefinition>(steps.Count);
        foreach (var step in steps)
        {
            if (step.Id?.Value == change.Step.Value || step.Was.Any(w => w.Value == change.Step.Value))
            {
                hits++;
                if (!change.Remove) result.Add(Step(step, change, found));
                continue;
            }

            var inner = step;
            if (step is BranchStep branch)
            {
                var cases = new List<BranchCase>(branch.Cases.Count);
                foreach (var item in branch.Cases) cases.Add(item with { Do = Steps(item.Do, change, found, ref hits) });
                inner = branch with { Cases = cases, Otherwise = branch.Otherwise is { } other ? other with { Do = Steps(other.Do, change, found, ref hits) } : null };
            }
            else if (step is ForEachStep loop)
            {
                inner = loop with { Do = Steps(loop.Do, change, found, ref hits) };
            }

            if (step.OnError.Any(e => e.Do.Count > 0))
            {
                var handlers = new List<ErrorCase>(step.OnError.Count);
                foreach (var item in step.OnError) handlers.Add(item with { Do = Steps(item.Do, change, found, ref hits) });
                inner = inner with { OnError = handlers };
            }

            result.Add(inner);
        }

        return result;
    }

    private static StepDefinition Step(StepDefinition step, OverlayStep change, List<Diagnostic> found)
    {
        var open = step is SetStep { SetFrom: not null };
        if (change.Set is { } set) step = step is SetStep writes ? writes with { Set = Merge(writes.Set, set, open, found) } : Unfit(step, set.KeySpan, "set", found);
        if (change.SetOnCreate is { } create)
        {
            step = step switch
            {
                UpsertStep upsert => upsert with { SetOnCreate = Merge(upsert.SetOnCreate, create, open, found) },
                SyncStep sync => sync with { SetOnCreate = Merge(sync.SetOnCreate, create, open, found) },
                _ => Unfit(step, create.KeySpan, "setOnCreate", found),
            };
        }

        if (change.SetOnUpdate is { } update)
        {
            step = step switch
            {
                UpsertStep upsert => upsert with { SetOnUpdate = Merge(upsert.SetOnUpdate, update, open, found) },
                SyncStep sync => sync with { SetOnUpdate = Merge(sync.SetOnUpdate, update, open, found) },
                _ => Unfit(step, update.KeySpan, "setOnUpdate", found),
            };
        }

        if (change.Map is { } map) step = step is MapStep named ? named with { Lines = Merge(named.Lines, map, false, found) } : Unfit(step, map.KeySpan, "map", found);
        if (change.Options is { } options) step = step with { Options = Merge(step.Options, options, false, found) };
        if (change.If is { } condition) step = step with { If = condition };
        if (change.Where is { } where)
        {
            step = step switch
            {
                ReadStep read => read with { Where = Merge(read.Where, where) },
                UpdateStep changes => changes with { Where = Merge(changes.Where, where) },
                DeleteStep deletes => deletes with { Where = Merge(deletes.Where, where) },
                _ => Unfit(step, where.Span, "where", found),
            };
        }

        if (change.Message is { } message)
        {
            step = step is EndStep end && end.Activity.Value == message.Name.Value ? end with { Message = message.Value } : Unfit(step, message.Name.Span, message.Name.Value, found);
        }

        return step;
    }

    /// <summary>Lines of the same name are replaced where they stand, others are added; one to be removed must be there.</summary>
    private static SetBlock Merge(SetBlock? before, SetBlock changes, bool open, List<Diagnostic> found)
    {
        var lines = new List<FieldLine>(before?.Lines ?? []);
        foreach (var line in changes.Lines)
        {
            var at = lines.FindIndex(l => l.Name.Value == line.Name.Value);
            if (line.Value is not RemoveValue)
            {
                if (at >= 0) lines[at] = line;
                else lines.Add(line);
            }
            else if (at >= 0 && !open)
            {
                lines.RemoveAt(at);
            }
            else if (open)
            {
                // It may come from the step's mappings file: the line stays until both are joined.
                if (at >= 0) lines[at] = line;
                else lines.Add(line);
            }
            else
            {
                found.Add(HostingDiagnostics.OverlayRemovesNothing(line.Name, before?.Lines.Select(l => l.Name.Value) ?? []));
            }
        }

        return new SetBlock(before?.Span ?? changes.Span, before?.KeySpan ?? changes.KeySpan, lines);
    }

    private static WhereClause Merge(WhereClause? before, WhereClause changes)
    {
        var paths = changes.Lines.OfType<WhereField>().Select(l => l.Path.Value).ToHashSet(StringComparer.Ordinal);
        return new WhereClause(before?.Span ?? changes.Span, [.. (before?.Lines ?? []).Where(l => l is not WhereField field || !paths.Contains(field.Path.Value)), .. changes.Lines]);
    }

    private static StepDefinition Unfit(StepDefinition step, SourceSpan at, string what, List<Diagnostic> found)
    {
        found.Add(HostingDiagnostics.OverlayUnfit(at, step.Id!.Value, step.Activity.Value, what));
        return step;
    }

    private static IEnumerable<string> Ids(IEnumerable<StepDefinition> steps)
    {
        foreach (var step in steps)
        {
            if (step.Id is { } id) yield return id.Value;
            var inner = step switch { BranchStep branch => branch.Cases.SelectMany(c => c.Do).Concat(branch.Otherwise?.Do ?? []), ForEachStep loop => loop.Do, _ => [] };
            foreach (var below in Ids(inner.Concat(step.OnError.SelectMany(e => e.Do)))) yield return below;
        }
    }
}
