using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Cli;

/// <summary><c>flow deploy FILE…</c>: makes deployments of a server what the files say; with <c>--template</c> the template's folder goes first.</summary>
internal static class DeployCommand
{
    public static Command Create(Terminal terminal)
    {
        var files = new Argument<string[]>("FILE") { Description = "Deployment files", Arity = ArgumentArity.OneOrMore };
        var templates = new Option<string[]>("--template") { Description = "Folders of templates to upload first" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would happen" };
        var confirm = new Option<bool>("--confirm-realm") { Description = "Another org or tenant than before is meant" };
        var (server, json) = (ServerOption.Create(), ServerOption.Json());
        var command = new Command("deploy", "Makes deployments of a server what files say; the same file twice changes nothing") { files, templates, dryRun, confirm, server, json };
        command.SetAction(async (parsed, cancel) =>
        {
            using var client = new ServerClient(parsed.GetValue(server)!);
            var requests = parsed.GetValue(files)!.Select(Read).ToList();
            foreach (var folder in parsed.GetValue(templates) ?? []) await TemplatesCommand.PushAsync(client, terminal, folder, null, cancel).ConfigureAwait(false);
            var refused = false;
            foreach (var (name, body) in requests)
            {
                var query = Query.Of(("dryRun", parsed.GetValue(dryRun) ? "true" : null), ("confirmRealm", parsed.GetValue(confirm) ? "true" : null));
                var answer = await client.PutAsync($"/api/deployments/{Uri.EscapeDataString(name)}{query}", body, cancel).ConfigureAwait(false);
                if (parsed.GetValue(json)) terminal.Line(answer.GetRawText());
                else refused |= Tell(terminal, answer);
            }

            return refused ? ExitCode.Mistakes : ExitCode.Good;
        });
        return command;
    }

    private static bool Tell(Terminal terminal, JsonElement answer)
    {
        var name = answer.GetProperty("name").GetString();
        var refused = false;
        foreach (var finding in answer.GetProperty("diagnostics").EnumerateArray())
        {
            refused |= finding.GetProperty("severity").GetString() == "error";
            terminal.Problem($"{Pretty.Text(finding.GetProperty("severity"))} {Pretty.Text(finding.GetProperty("code"))}: {Pretty.Text(finding.GetProperty("message"))} {Pretty.Text(finding.GetProperty("hint"))}");
        }

        foreach (var list in new[] { "problems", "otherRealms" })
        {
            foreach (var problem in answer.GetProperty(list).EnumerateArray())
            {
                refused = true;
                terminal.Problem(problem.GetString()!);
            }
        }

        foreach (var change in answer.GetProperty("changes").EnumerateArray())
        {
            terminal.Line($"  {Pretty.Text(change.GetProperty("what"))}: {Pretty.Text(change.GetProperty("before"))} -> {Pretty.Text(change.GetProperty("after"))}");
        }

        if (!refused) terminal.Good($"{name}: {answer.GetProperty("result").GetString()}{(answer.GetProperty("dryRun").GetBoolean() ? " (dry run: nothing was changed)" : "")}.");
        return refused;
    }

    /// <summary>A deployment file as a request: its keys, without its name and without the token, which the server keeps.</summary>
    private static (string Name, string Body) Read(string path)
    {
        if (!File.Exists(path)) throw new UnusableException($"There is no file '{path}'.");
        var document = YamlDocument.Read(new SourceText(path, File.ReadAllText(path)));
        var parsed = DeploymentParser.Parse(document);
        if (parsed.Value is not { } definition || parsed.HasErrors || document.Root is not YamlMapping root)
        {
            throw new UnusableException($"'{path}' cannot be deployed:\n{string.Join("\n", parsed.Diagnostics.Select(d => DiagnosticRenderer.Render(d).TrimEnd()))}");
        }

        var body = new JsonObject();
        foreach (var entry in root.Entries.Where(e => e.Key.Value is not ("deployment" or "hookToken"))) body[entry.Key.Value] = Json(entry.Value);
        return (definition.Deployment.Value, body.ToJsonString());
    }

    private static JsonNode? Json(YamlNode node) => node switch
    {
        YamlMapping mapping => new JsonObject(mapping.Entries.Select(e => KeyValuePair.Create(e.Key.Value, Json(e.Value)))),
        YamlSequence list => new JsonArray([.. list.Items.Select(Json)]),
        YamlScalar { Kind: YamlScalarKind.True } => true,
        YamlScalar { Kind: YamlScalarKind.False } => false,
        YamlScalar { Kind: YamlScalarKind.Null } => null,
        YamlScalar { Kind: YamlScalarKind.Number } number => JsonNode.Parse(number.Value),
        YamlScalar text => text.Value,
        _ => null,
    };
}
