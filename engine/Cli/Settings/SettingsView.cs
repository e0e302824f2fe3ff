using System.Text.Json;

namespace WorkflowEngine.Cli;

/// <summary>What holds and who said it: <c>flow serve --show-config</c>.</summary>
internal static class SettingsView
{
    private const string Nobody = "default";

    public static void Show(Terminal terminal, SettingsReader said, bool json)
    {
        var rows = ServerTable.All.Select(s => said.Find(s) is { } given ? (s.Name, Text: s.Show(given.Text), given.Origin) : (s.Name, Text: s.Otherwise, Origin: Nobody)).ToList();
        if (json) terminal.Line(JsonSerializer.Serialize(new { settings = rows.Select(r => new { name = r.Name, value = r.Origin == Nobody ? null : r.Text, otherwise = r.Origin == Nobody ? r.Text : null, origin = r.Origin }), mistakes = said.Told() }));
        else terminal.Table(["setting", "value", "said by"], rows.Select(r => (IReadOnlyList<string>)[r.Name, r.Text, r.Origin]));
    }
}
