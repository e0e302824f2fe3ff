using System.CommandLine;

namespace WorkflowEngine.Cli;

/// <summary><c>flow schema</c>: the JSON Schema of flow files, for editors.</summary>
internal static class SchemaCommand
{
    public static Command Create(Terminal terminal)
    {
        var kind = new Argument<string>("KIND") { Description = "flow (default), flow.tests or deployment", Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => "flow" };
        kind.AcceptOnlyFromAmong("flow", "flow.tests", "deployment");
        var output = new Option<string?>("--output") { Description = "The file to write; without it the schema is printed" };
        var command = new Command("schema", "Prints the JSON Schema of flow, test or deployment files, for editors") { kind, output };
        command.SetAction(parsed =>
        {
            var schema = FlowSchemas.Read(parsed.GetValue(kind)!);
            if (parsed.GetValue(output) is not { } path)
            {
                terminal.Line(schema);
                return ExitCode.Good;
            }

            try
            {
                File.WriteAllText(path, schema);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new UnusableException($"The file '{path}' cannot be written: {e.Message}");
            }

            terminal.Good($"{path} written.");
            return ExitCode.Good;
        });
        return command;
    }
}
