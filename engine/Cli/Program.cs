using System.CommandLine;
using System.CommandLine.Parsing;
using WorkflowEngine.Api;
using WorkflowEngine.Cli;
using WorkflowEngine.Storage;

NativeMemory.Bound();
var terminal = Terminal.System;
var root = new RootCommand("flow: checks, runs and serves flows between ServiceTitan and Salesforce")
{
    DemoCommand.Create(terminal),
    ServeCommand.Create(terminal),
    SimulateCommand.Create(terminal),
    CheckCommand.Create(terminal),
    TestCommand.Create(terminal),
    MutateCommand.Create(terminal),
    BenchCommand.Create(terminal),
    FormatCommand.Create(terminal),
    RunCommand.Create(terminal),
    SchemaCommand.Create(terminal),
    MetadataCommand.Create(terminal),
    RunsCommand.Create(terminal),
    DeadLettersCommand.Create(terminal),
    IncidentsCommand.Create(terminal),
    ReviewsCommand.Create(terminal),
    TemplatesCommand.Create(terminal),
    DeployCommand.Create(terminal),
    DeploymentsCommand.Create(terminal),
    BackfillCommand.Create(terminal),
    KeysCommand.Create(terminal),
    WhyCommand.Create(terminal),
    PlanCommand.Create(terminal),
    WorkspaceCommand.Create(terminal),
    DoctorCommand.Create(terminal),
};

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    foreach (var error in parsed.Errors) terminal.Problem(error.Message);
    terminal.Problem($"See 'flow {Words(parsed.CommandResult)}--help'.");
    return ExitCode.Unusable;
}

try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = StopWithin(parsed.CommandResult.Command) }).ConfigureAwait(false);
}
catch (Exception e) when (e is UnusableException or StorageProblemException or AddressProblemException)
{
    terminal.Problem(e.Message);
    return ExitCode.Unusable;
}
catch (OperationCanceledException)
{
    return ExitCode.Good;
}

// A server drains first, for as long as its settings say (at most five minutes); what was asked to stop and does not is ended.
TimeSpan StopWithin(Command command) => command.Name == ServeCommand.Name ? TimeSpan.FromMinutes(6) : TimeSpan.FromSeconds(9);

// The words up to a command: "dead-letters show ".
string Words(CommandResult command) => command.Command == root ? "" : $"{(command.Parent is CommandResult parent ? Words(parent) : "")}{command.Command.Name} ";
