using System.CommandLine;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.Cli;

/// <summary><c>flow keys add</c>: the first key of a workspace, made in the database itself; later ones are made through the API.</summary>
internal static class KeysCommand
{
    public static Command Create(Terminal terminal)
    {
        var workspace = new Option<string>("--workspace-name") { Description = "The workspace it belongs to (default: default)", DefaultValueFactory = _ => "default" };
        var name = new Option<string>("--name") { Description = "What people call it", Required = true };
        var role = new Option<string>("--role") { Description = "viewer, operator, author or admin", Required = true };
        role.AcceptOnlyFromAmong("viewer", "operator", "author", "admin");
        var days = new Option<int>("--days") { Description = "Days until it expires (default 90)", DefaultValueFactory = _ => 90 };
        days.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 3650) result.AddError("--days must be between 1 and 3650.");
        });
        var add = new Command("add", "Makes an API key; it is shown once. The database is found by the server's own settings") { workspace, name, role, days };
        var settings = new ServerOptions(add, ServerTable.OfDatabase);
        add.SetAction(async (parsed, cancel) =>
        {
            if (!parsed.GetValue(workspace)!.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')) throw new UnusableException("The name of a workspace is letters, digits, '-', '_' or '.'.");
            var said = settings.Read(parsed);
            var database = ServerSettings.OfDatabase(said);
            if (said.Mistakes.Count > 0) return ServeCommand.Refuse(terminal, said);
            await using var host = await FlowHost.OpenAsync(
                new FlowHostOptions { Connectors = Installed.Connectors, Database = database.Database, KeyFile = database.KeyFile, MasterKey = database.MasterKey }, cancel).ConfigureAwait(false);
            var keys = new AccessKeys(host.Settings.AccessKeys, host.Time);
            var (_, text) = await keys.MakeAsync(
                parsed.GetValue(workspace)!, parsed.GetValue(name)!, parsed.GetValue(role)!, host.Time.GetUtcNow().AddDays(parsed.GetValue(days)), "command line", cancel).ConfigureAwait(false);
            terminal.Line(text);
            return ExitCode.Good;
        });
        return new Command("keys", "API keys") { add };
    }
}
