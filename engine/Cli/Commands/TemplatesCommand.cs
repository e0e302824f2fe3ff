using System.CommandLine;
using System.Text.Json;

namespace WorkflowEngine.Cli;

/// <summary><c>flow templates list|push</c>, against a server.</summary>
internal static class TemplatesCommand
{
    public static Command Create(Terminal terminal)
    {
        var (server, json) = (ServerOption.Create(), ServerOption.Json());
        var list = new Command("list", "The templates of a server") { server, json };
        list.SetAction(async (parsed, cancel) =>
        {
            using var client = new ServerClient(parsed.GetValue(server)!);
            var answer = await client.GetAsync("/api/templates", cancel).ConfigureAwait(false);
            if (parsed.GetValue(json)) terminal.Line(answer.GetRawText());
            else
            {
                terminal.Table(
                    ["id", "version", "content", "origin", "title"],
                    answer.GetProperty("data").EnumerateArray().Select(t => (IReadOnlyList<string>)[Text(t, "id"), Text(t, "version"), Text(t, "hash")[..8], Text(t, "origin"), Text(t, "title")]));
            }

            return ExitCode.Good;
        });

        var target = ServerOption.Create();
        var folder = new Argument<string>("FOLDER") { Description = "The template's folder" };
        var note = new Option<string?>("--note") { Description = "What changed, for people" };
        var push = new Command("push", "Uploads a template's folder; the same files twice are one version") { folder, note, target };
        push.SetAction(async (parsed, cancel) =>
        {
            using var client = new ServerClient(parsed.GetValue(target)!);
            await PushAsync(client, terminal, parsed.GetValue(folder)!, parsed.GetValue(note), cancel).ConfigureAwait(false);
            return ExitCode.Good;
        });
        return new Command("templates", "Shows and uploads templates of a server") { list, push };
    }

    public static async Task PushAsync(ServerClient client, Terminal terminal, string folder, string? note, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(folder)) throw new UnusableException($"There is no folder '{folder}'.");
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(f => Path.GetExtension(f) is ".yaml" or ".yml" or ".json" or ".csv" or ".md").Order(StringComparer.Ordinal)
            .Select(f => new { path = Path.GetRelativePath(folder, f).Replace('\\', '/'), content = File.ReadAllText(f) }).ToList();
        if (files.Count == 0) throw new UnusableException($"There are no files of a template in '{folder}'.");
        var name = Path.GetFileName(Path.GetFullPath(folder).TrimEnd('/', '\\'));
        var answer = await client.PutAsync($"/api/templates/{Uri.EscapeDataString(name)}", JsonSerializer.Serialize(new { files, note }), cancellationToken).ConfigureAwait(false);
        terminal.Good($"{name}: {Text(answer, "hash")[..8]} {Text(answer, "version")}");
    }

    private static string Text(JsonElement row, string name) => Pretty.Text(row.GetProperty(name));
}
