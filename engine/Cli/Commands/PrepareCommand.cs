using System.CommandLine;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.Cli;

/// <summary><c>flow metadata prepare CONNECTION</c>: what the workspace's flows require of an org and it lacks; on request made, granted and looked at again.</summary>
internal static class PrepareCommand
{
    public static Command Create(Terminal terminal)
    {
        var connection = new Argument<string>("CONNECTION") { Description = "A connection of the workspace" };
        var workspace = new Option<string>("--workspace") { Description = "The folder whose connection it is (default: this folder)", DefaultValueFactory = _ => "." };
        var flows = new Option<string[]>("--flow") { Description = "Only what these flows require (default: all of the workspace)", AllowMultipleArgumentsPerToken = true };
        var create = new Option<bool>("--create") { Description = "Make the missing fields and grant them to the connection's user through the permission set" };
        var set = new Option<string>("--permission-set") { Description = "The permission set that grants them; made where there is none", DefaultValueFactory = _ => "Workflow_Engine" };
        var prepare = new Command("prepare", "Tells what flows require of an org and it lacks; with --create makes it") { connection, workspace, flows, create, set };
        prepare.SetAction((parsed, cancel) => PrepareAsync(
            terminal, parsed.GetValue(connection)!, parsed.GetValue(workspace)!, parsed.GetValue(flows) ?? [], parsed.GetValue(create), parsed.GetValue(set)!, cancel));
        return prepare;
    }

    private static async Task<int> PrepareAsync(Terminal terminal, string name, string workspace, string[] flows, bool create, string permissionSet, CancellationToken cancellationToken)
    {
        var opened = await WorkspaceConnection.OpenAsync(terminal, name, workspace, cancellationToken).ConfigureAwait(false);
        await using (opened.ConfigureAwait(false))
        {
            if (opened.Connection.Setup is not { } setup) throw new UnusableException($"'{name}' is a connection to {opened.Connector.Title}: only an org of Salesforce has fields that flows may require.");
            if (flows.FirstOrDefault(f => opened.Flows.Flows.All(known => known.Definition.Flow.Value != f)) is { } unknown) throw new UnusableException($"There is no flow '{unknown}' in '{workspace}'.");
            var required = Required(opened.Connector.Name, opened.Flows.Flows.Where(f => flows.Length == 0 || flows.Contains(f.Definition.Flow.Value)));
            var gaps = await MissingAsync(setup, required, cancellationToken).ConfigureAwait(false);
            if (gaps.Count > 0 && create) gaps = await CreateAsync(terminal, setup, required, gaps, permissionSet, cancellationToken).ConfigureAwait(false);
            foreach (var gap in gaps) terminal.Problem(gap.Message);
            if (gaps.Count > 0)
            {
                if (!create && gaps.Any(g => g.CanCreate)) terminal.Line($"{gaps.Count(g => g.CanCreate)} of these can be made: flow metadata prepare {name} --create");
                return ExitCode.Mistakes;
            }

            terminal.Good($"The org has what is required: {required.Count} objects, {required.Sum(e => e.Fields.Count)} fields.");
            return ExitCode.Good;
        }
    }

    /// <summary>Makes and grants what can be, and looks again: a field alone is invisible.</summary>
    private static async Task<IReadOnlyList<SetupGap>> CreateAsync(
        Terminal terminal, IOrgSetup setup, IReadOnlyList<EntityDescriptor> required, IReadOnlyList<SetupGap> gaps, string permissionSet, CancellationToken cancellationToken)
    {
        SetupGap[] wanted = [.. gaps.Where(g => g.CanCreate)];
        var made = await setup.CreateAsync(wanted, cancellationToken).ConfigureAwait(false);
        var granted = new List<SetupGap>();
        foreach (var (gap, outcome) in wanted.Zip(made))
        {
            if (outcome.Succeeded) granted.Add(gap);
            else terminal.Problem($"{gap.Entity}.{gap.Field!.Name} could not be made: {outcome.Error.Message}");
        }

        granted.AddRange(gaps.Where(g => g.Kind == SetupGapKind.Writable));
        if (granted.Count > 0 && await setup.GrantAsync(permissionSet, granted, cancellationToken).ConfigureAwait(false) is { } refused) terminal.Problem($"The permission set {permissionSet} could not grant them: {refused.Message}");
        var left = await MissingAsync(setup, required, cancellationToken).ConfigureAwait(false);
        foreach (var gap in granted.Where(g => left.All(l => l.Entity != g.Entity || l.Field?.Name != g.Field?.Name))) terminal.Line($"{gap.Entity}.{gap.Field!.Name} is there, granted through {permissionSet}.");
        return left;
    }

    private static async Task<IReadOnlyList<SetupGap>> MissingAsync(IOrgSetup setup, IReadOnlyList<EntityDescriptor> required, CancellationToken cancellationToken)
    {
        var missing = await setup.MissingAsync(required, cancellationToken).ConfigureAwait(false);
        return missing.Succeeded ? missing.Value : throw new UnusableException($"The org cannot be asked ({missing.Error.Kind}, {missing.Error.Code}): {missing.Error.Message}");
    }

    /// <summary>The required fields of all flows, typed as the flows were checked with them.</summary>
    private static List<EntityDescriptor> Required(string connector, IEnumerable<BundledFlow> flows)
    {
        var required = new SortedDictionary<string, SortedDictionary<string, FieldDescriptor>>(StringComparer.Ordinal);
        foreach (var flow in flows.Where(f => f.Compiled is not null))
        {
            foreach (var connection in flow.Requires.Where(r => flow.Compiled!.Connections.GetValueOrDefault(r.Connection.Value) == connector))
            {
                foreach (var entity in connection.Entities)
                {
                    var known = flow.Compiled!.Entities.GetValueOrDefault(connection.Connection.Value)?.FirstOrDefault(e => e.Name == entity.Entity.Value);
                    if (!required.TryGetValue(entity.Entity.Value, out var fields)) required[entity.Entity.Value] = fields = new SortedDictionary<string, FieldDescriptor>(StringComparer.Ordinal);
                    foreach (var field in entity.Fields.Select(f => known?.Field(f.Name.Value)).OfType<FieldDescriptor>()) fields[field.Name] = field;
                }
            }
        }

        return [.. required.Select(e => new EntityDescriptor { Name = e.Key, Fields = [.. e.Value.Values] })];
    }
}
