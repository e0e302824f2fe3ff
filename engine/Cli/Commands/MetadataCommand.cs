using System.CommandLine;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Cli;

/// <summary><c>flow metadata pull CONNECTION</c>: what an org has, as a file that flows are checked against.</summary>
internal static class MetadataCommand
{
    public static Command Create(Terminal terminal) => new("metadata", "What an org has beyond the catalogue") { CreatePull(terminal), PrepareCommand.Create(terminal) };

    private static Command CreatePull(Terminal terminal)
    {
        var connection = new Argument<string>("CONNECTION") { Description = "A connection of the workspace" };
        var workspace = new Option<string>("--workspace") { Description = "The folder whose connection it is (default: this folder)", DefaultValueFactory = _ => "." };
        var entities = new Option<string[]>("--entity") { Description = "Entities to ask for (default: those that the workspace's flows name)", AllowMultipleArgumentsPerToken = true };
        var output = new Option<string?>("--output") { Description = "The file to write, such as flows/NAME/org.metadata.json; without it the text is printed" };
        var pull = new Command("pull", "Asks an org for its entities and fields, for checking flows where it cannot be asked") { connection, workspace, entities, output };
        pull.SetAction((parsed, cancel) => PullAsync(
            terminal, parsed.GetValue(connection)!, parsed.GetValue(workspace)!, parsed.GetValue(entities) ?? [], parsed.GetValue(output), cancel));
        return pull;
    }

    private static async Task<int> PullAsync(Terminal terminal, string name, string workspace, string[] asked, string? output, CancellationToken cancellationToken)
    {
        var opened = await WorkspaceConnection.OpenAsync(terminal, name, workspace, cancellationToken).ConfigureAwait(false);
        await using (opened.ConfigureAwait(false))
        {
            var names = asked.Length > 0 ? asked : [.. Named(opened.Connector.Name, opened.Flows.Flows.Select(f => f.Compiled).OfType<CompiledFlow>())];
            if (names.Length == 0) throw new UnusableException($"No flow in '{workspace}' names an entity of {opened.Connector.Name}; say which are wanted: --entity Account Contact.");
            var found = new List<EntityDescriptor>();
            foreach (var entity in names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            {
                var described = await opened.Connection.DescribeAsync(entity, cancellationToken).ConfigureAwait(false);
                if (described.Succeeded) found.Add(described.Value);
                else terminal.Problem($"{entity}: {described.Error.Message}");
            }

            if (found.Count == 0) throw new UnusableException("The org described none of them; nothing was written.");
            var text = MetadataWriter.Write(opened.Connector.Name, TimeProvider.System.GetUtcNow(), found);
            if (output is null) terminal.Line(text.TrimEnd());
            else Save(terminal, output, text, found);
            return found.Count == names.Distinct(StringComparer.Ordinal).Count() ? ExitCode.Good : ExitCode.Mistakes;
        }
    }

    private static IEnumerable<string> Named(string connector, IEnumerable<CompiledFlow> flows) =>
        flows.SelectMany(f => f.Entities.Where(e => f.Connections.GetValueOrDefault(e.Key) == connector).SelectMany(e => e.Value).Select(e => e.Name)).Distinct(StringComparer.Ordinal);

    private static void Save(Terminal terminal, string output, string text, List<EntityDescriptor> found)
    {
        try
        {
            File.WriteAllText(output, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UnusableException($"The file '{output}' cannot be written: {e.Message}");
        }

        terminal.Good($"{output} written: {found.Count} entities, {found.Sum(e => e.Fields.Count)} fields.");
    }
}
