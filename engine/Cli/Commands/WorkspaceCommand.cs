using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace WorkflowEngine.Cli;

/// <summary><c>flow workspace export|import FOLDER</c>: a workspace as a folder for git, without secrets.</summary>
internal static class WorkspaceCommand
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    public static Command Create(Terminal terminal) => new("workspace", "A server's workspace as a folder, without secrets") { CreateExport(terminal), CreateImport(terminal) };

    private static Command CreateExport(Terminal terminal)
    {
        var (server, folder) = (ServerOption.Create(), new Argument<string>("FOLDER") { Description = "The folder; files of the same names are replaced" });
        var export = new Command("export", "Writes templates, connections without secrets, and deployments") { folder, server };
        export.SetAction(async (parsed, cancel) =>
        {
            using var client = new ServerClient(parsed.GetValue(server)!);
            var document = await client.GetAsync("/api/workspace/export", cancel).ConfigureAwait(false);
            var root = Path.GetFullPath(parsed.GetValue(folder)!);
            foreach (var template in document.GetProperty("templates").EnumerateArray())
            {
                foreach (var file in template.GetProperty("files").EnumerateArray())
                {
                    Write(root, ["templates", Text(template, "id"), .. Text(file, "path").Split('/')], Text(file, "content"));
                }
            }

            foreach (var connection in document.GetProperty("connections").EnumerateArray()) Write(root, ["connections", Text(connection, "name") + ".json"], JsonSerializer.Serialize(connection, Readable));
            foreach (var deployment in document.GetProperty("deployments").EnumerateArray())
            {
                Write(root, ["deployments", Text(deployment, "name") + ".json"], JsonSerializer.Serialize(deployment.GetProperty("specification"), Readable));
            }

            terminal.Good($"{document.GetProperty("templates").GetArrayLength()} templates, {document.GetProperty("deployments").GetArrayLength()} deployments in {root}.");
            return ExitCode.Good;
        });
        return export;
    }

    private static Command CreateImport(Terminal terminal)
    {
        var (server, json, folder) = (ServerOption.Create(), ServerOption.Json(), new Argument<string>("FOLDER") { Description = "A folder that was exported" });
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what is missing" };
        var import = new Command("import", "Takes an exported folder; missing connections are named before anything changes") { folder, dryRun, server, json };
        import.SetAction(async (parsed, cancel) =>
        {
            using var client = new ServerClient(parsed.GetValue(server)!);
            // Judged first: a refusal then comes as a list, not as an error.
            var document = Read(parsed.GetValue(folder)!);
            var answer = await client.PostAsync("/api/workspace/import?dryRun=true", document, cancel).ConfigureAwait(false);
            var stands = answer.GetProperty("missing").GetArrayLength() == 0 && answer.GetProperty("problems").GetArrayLength() == 0;
            if (stands && !parsed.GetValue(dryRun)) answer = await client.PostAsync("/api/workspace/import", document, cancel).ConfigureAwait(false);
            if (parsed.GetValue(json)) terminal.Line(answer.GetRawText());
            else Tell(terminal, answer);
            return stands && answer.GetProperty("problems").GetArrayLength() == 0 ? ExitCode.Good : ExitCode.Mistakes;
        });
        return import;
    }

    private static void Tell(Terminal terminal, JsonElement answer)
    {
        foreach (var connection in answer.GetProperty("missing").EnumerateArray())
        {
            var secrets = connection.GetProperty("secrets") is { ValueKind: JsonValueKind.Array } names ? string.Join(", ", names.EnumerateArray()) : "";
            terminal.Problem($"The connection '{Text(connection, "name")}' ({Pretty.Text(connection.GetProperty("connector"))}) is missing; make it first{(secrets.Length > 0 ? $", with its secrets {secrets}" : "")}.");
        }

        foreach (var problem in answer.GetProperty("problems").EnumerateArray()) terminal.Problem(problem.GetString()!);
        foreach (var list in new[] { "templates", "deployments" })
        {
            foreach (var item in answer.GetProperty(list).EnumerateObject()) terminal.Line($"{list[..^1]} {item.Name}: {item.Value.GetString()}");
        }
    }

    private static JsonObject Read(string folder)
    {
        if (!Directory.Exists(folder)) throw new UnusableException($"There is no folder '{folder}'.");
        var templates = new JsonArray();
        foreach (var place in Folders(folder, "templates"))
        {
            var files = Directory.EnumerateFiles(place, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .Select(f => (JsonNode)new JsonObject { ["path"] = Path.GetRelativePath(place, f).Replace('\\', '/'), ["content"] = File.ReadAllText(f) });
            templates.Add((JsonNode)new JsonObject { ["id"] = Path.GetFileName(place), ["hash"] = null, ["files"] = new JsonArray([.. files]) });
        }

        var deployments = new JsonArray();
        foreach (var file in Files(folder, "deployments")) deployments.Add((JsonNode)new JsonObject { ["name"] = Path.GetFileNameWithoutExtension(file), ["specification"] = Json(file) });
        var connections = new JsonArray();
        foreach (var file in Files(folder, "connections")) connections.Add(Json(file));
        return new JsonObject { ["format"] = 1, ["templates"] = templates, ["connections"] = connections, ["deployments"] = deployments };
    }

    private static JsonNode? Json(string file)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(file));
        }
        catch (JsonException e)
        {
            throw new UnusableException($"'{file}' is no JSON: {e.Message}");
        }
    }

    private static IEnumerable<string> Folders(string root, string part) => Directory.Exists(Path.Combine(root, part)) ? Directory.EnumerateDirectories(Path.Combine(root, part)).Order(StringComparer.Ordinal) : [];

    private static IEnumerable<string> Files(string root, string part) => Directory.Exists(Path.Combine(root, part)) ? Directory.EnumerateFiles(Path.Combine(root, part), "*.json").Order(StringComparer.Ordinal) : [];

    private static void Write(string root, string[] parts, string text)
    {
        var path = Path.GetFullPath(Path.Combine([root, .. parts]));
        // What a server sends is not trusted to stay inside the folder.
        if (!path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal)) throw new UnusableException($"The server named a file outside the folder: {string.Join('/', parts)}.");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString() ?? "";
}
