using System.CommandLine;
using System.Text.Json;

namespace WorkflowEngine.Cli;

/// <summary><c>flow why CONNECTION ENTITY RECORD [FIELD]</c>: who wrote it, and which line of which file said so.</summary>
internal static class WhyCommand
{
    public static Command Create(Terminal terminal)
    {
        var connection = new Argument<string>("CONNECTION") { Description = "The connection" };
        var entity = new Argument<string>("ENTITY") { Description = "The entity, such as Account" };
        var record = new Argument<string>("RECORD") { Description = "The record's id" };
        var field = new Argument<string?>("FIELD") { Description = "The field (default: all we wrote)", Arity = ArgumentArity.ZeroOrOne };
        var (server, json) = (ServerOption.Create(), ServerOption.Json());
        var command = new Command("why", "Why a field holds what we wrote: event, run, flow version, line, inputs, value") { connection, entity, record, field, server, json };
        command.SetAction(async (parsed, cancel) =>
        {
            using var client = new ServerClient(parsed.GetValue(server)!);
            var query = Query.Of(
                ("connection", parsed.GetValue(connection)), ("entity", parsed.GetValue(entity)), ("record", parsed.GetValue(record)), ("field", parsed.GetValue(field)));
            var answer = await client.GetAsync("/api/why" + query, cancel).ConfigureAwait(false);
            if (parsed.GetValue(json)) terminal.Line(answer.GetRawText());
            else Show(terminal, answer.GetProperty("data"));
            return answer.GetProperty("data").GetArrayLength() > 0 ? ExitCode.Good : ExitCode.Mistakes;
        });
        return command;
    }

    private static void Show(Terminal terminal, JsonElement writes)
    {
        if (writes.GetArrayLength() == 0) terminal.Line("We have not written this, or it is longer ago than what is kept.");
        foreach (var write in writes.EnumerateArray())
        {
            var run = write.GetProperty("run");
            terminal.Line($"{Text(write, "field")} = {Text(write, "value")}   {Text(write, "verb")} {Text(write, "at")}");
            terminal.Line($"  {Text(write, "file")}:{Text(write, "line")}: {Text(write, "source")}");
            terminal.Line($"  step {Text(write, "step")} of {Text(write, "flowId")} ({Text(run, "flow")[..8]}), deployment {Text(run, "deployment")}, run {Text(run, "id")}");
            terminal.Line($"  event of {Text(run, "trigger")}, key {Text(run, "key")}, record {Text(run, "record")}, accepted {Text(run, "acceptedAt")}");
            foreach (var input in write.GetProperty("inputs").EnumerateArray())
            {
                terminal.Line($"  read {Text(input, "step")}: {Text(input, "rows")} {Text(input, "entity")} {string.Join(", ", input.GetProperty("ids").EnumerateArray().Take(5))}");
            }
        }
    }

    private static string Text(JsonElement row, string name) => Pretty.Text(row.GetProperty(name));
}
