using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace WorkflowEngine.Cli;

/// <summary><c>flow plan [FOLDER] --deployment NAME</c>: what edited files would change, without a write.</summary>
internal static class PlanCommand
{
    public static Command Create(Terminal terminal)
    {
        var folder = new Argument<string?>("FOLDER") { Description = "The edited template's folder (default: the flow that runs)", Arity = ArgumentArity.ZeroOrOne };
        var deployment = new Option<string>("--deployment") { Description = "Whose connections and parameters hold", Required = true };
        var records = new Option<string[]>("--record") { Description = "Plan the change of this record" };
        var recent = new Option<int?>("--recent") { Description = "Plan the records of the last runs, so many" };
        var events = new Option<string?>("--events") { Description = "A file with inputs: a JSON list, or one JSON object a line" };
        var all = new Option<bool>("--all") { Description = "Plan all records the flow's trigger reads: what a backfill of them would do" };
        var save = new Option<string?>("--save") { Description = "Write the plan to this file, to compare it later with what happened" };
        var compare = new Option<string?>("--compare") { Description = "Compare a saved plan with what has happened since" };
        var (server, json) = (ServerOption.Create(), ServerOption.Json());
        var command = new Command("plan", "What events would do, and what edited files would change; nothing can write") { folder, deployment, records, recent, events, all, save, compare, server, json };
        command.SetAction(async (parsed, cancel) =>
        {
            if (parsed.GetValue(compare) is { } saved) return await PlanComparer.RunAsync(terminal, parsed.GetValue(server)!, parsed.GetValue(deployment)!, saved, parsed.GetValue(json), cancel).ConfigureAwait(false);
            var begun = TimeProvider.System.GetUtcNow();
            var body = new JsonObject { ["deployment"] = parsed.GetValue(deployment) };
            if (parsed.GetValue(folder) is { } place) body["files"] = Files(place);
            if (parsed.GetValue(records) is { Length: > 0 } ids) body["records"] = new JsonArray([.. ids.Select(i => (JsonNode)i)]);
            if (parsed.GetValue(recent) is { } count) body["recent"] = count;
            if (parsed.GetValue(events) is { } file) body["inputs"] = Inputs(file);
            if (parsed.GetValue(all)) body["all"] = true;
            using var client = new ServerClient(parsed.GetValue(server)!);
            var answer = await client.PostAsync("/api/flows/plan", body, cancel).ConfigureAwait(false);
            if (parsed.GetValue(save) is { } to) PlanComparer.Save(to, parsed.GetValue(deployment)!, begun, answer);
            if (parsed.GetValue(json)) terminal.Line(answer.GetRawText());
            else Show(terminal, answer, parsed.GetValue(all));
            return ExitCode.Good;
        });
        return command;
    }

    private static void Show(Terminal terminal, JsonElement answer, bool all)
    {
        if (answer.GetProperty("differences") is { ValueKind: JsonValueKind.Array } differences)
        {
            foreach (var difference in differences.EnumerateArray())
            {
                terminal.Line($"{Text(difference, "event")}: {Text(difference, "entity")} {Text(difference, "record")}: {Or(Text(difference, "wasVerb"), "nothing")} -> {Or(Text(difference, "verb"), "nothing")}");
                Fields(terminal, difference);
            }

            terminal.Good($"{differences.GetArrayLength()} records differ over {answer.GetProperty("runs").GetArrayLength()} events.");
            return;
        }

        foreach (var run in answer.GetProperty("runs").EnumerateArray())
        {
            // Of all records, those that would stay as they are say nothing.
            if (all && run.GetProperty("effects").GetArrayLength() == 0 && Text(run, "outcome") is "succeeded" or "stopped" or "filtered" or "unchanged") continue;
            terminal.Line($"{Text(run, "event")}: {Text(run, "outcome")} {Text(run, "text")}");
            foreach (var effect in run.GetProperty("effects").EnumerateArray())
            {
                terminal.Line($"  {Text(effect, "step")}: {Text(effect, "verb")} {Text(effect, "entity")} {Text(effect, "record")}");
                if (effect.GetProperty("merge") is { ValueKind: JsonValueKind.Object } merge) Merge(terminal, merge);
                else Fields(terminal, effect);
            }
        }

        if (answer.GetProperty("more").GetBoolean()) terminal.Line($"There are more records: the first {answer.GetProperty("runs").GetArrayLength()} were planned.");

        terminal.Good(string.Join(", ", answer.GetProperty("totals").EnumerateObject().Select(t => $"{t.Value} {t.Name}")) is { Length: > 0 } totals ? totals : "Nothing would be written.");
    }

    private static void Merge(Terminal terminal, JsonElement merge)
    {
        terminal.Line($"    takes up {string.Join(", ", merge.GetProperty("absorbed").EnumerateArray().Select(a => a.GetString()))}{(Text(merge, "because") is { Length: > 0 } why ? $", because {why}" : "")}");
        foreach (var kept in merge.GetProperty("kept").EnumerateArray())
        {
            var lost = string.Join(", ", kept.GetProperty("lost").EnumerateArray().Select(l => $"{Text(l, "value")} of {Text(l, "record")}"));
            terminal.Line($"    {Text(kept, "field")}: {Text(kept, "value")} ({Text(kept, "rule")}{(Text(kept, "of") is { Length: > 0 } of ? $", of {of}" : "")}){(lost.Length > 0 ? $"; drops {lost}" : "")}");
        }
    }

    private static void Fields(Terminal terminal, JsonElement row)
    {
        foreach (var field in row.GetProperty("fields").EnumerateArray())
        {
            terminal.Line($"    {Text(field, "name")}: {Text(field, "before")} -> {(field.GetProperty("knownAfterApply").GetBoolean() ? $"known after apply ({Text(field, "after")})" : Text(field, "after"))}");
        }
    }

    private static JsonArray Files(string folder)
    {
        if (!Directory.Exists(folder)) throw new UnusableException($"There is no folder '{folder}'.");
        return new JsonArray([.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(f => Path.GetExtension(f) is ".yaml" or ".yml" or ".json" or ".csv").Order(StringComparer.Ordinal)
            .Select(f => (JsonNode)new JsonObject { ["path"] = Path.GetRelativePath(folder, f).Replace('\\', '/'), ["content"] = File.ReadAllText(f) })]);
    }

    private static JsonArray Inputs(string file)
    {
        if (!File.Exists(file)) throw new UnusableException($"There is no file '{file}'.");
        try
        {
            var text = File.ReadAllText(file);
            return text.TrimStart().StartsWith('[')
                ? JsonNode.Parse(text)!.AsArray()
                : new JsonArray([.. text.Split('\n').Where(l => l.Trim().Length > 0).Select(l => JsonNode.Parse(l))]);
        }
        catch (JsonException e)
        {
            throw new UnusableException($"'{file}' is no JSON: {e.Message}");
        }
    }

    private static string Or(string text, string other) => text.Length > 0 ? text : other;

    private static string Text(JsonElement row, string name) => Pretty.Text(row.GetProperty(name));
}
