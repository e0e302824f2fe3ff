using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Alerts;

/// <summary>Reads the settings of a connection and gathers what is wrong with them.</summary>
internal sealed class SettingReader
{
    private readonly ConnectionSettings _given;

    public SettingReader(ConnectionSettings given, ConnectorDescriptor descriptor)
    {
        _given = given;
        Unknown("settings", given.Settings.Keys, descriptor.Settings);
        Unknown("secrets", given.Secrets.Keys, descriptor.Secrets);
        AllowPrivate = Text("allowPrivate") is "true";
        if (Text("allowPrivate") is { } flag and not ("true" or "false")) Wrong("settings.allowPrivate", $"true or false, not '{flag}'.");
    }

    public List<ConfigProblem> Problems { get; } = [];

    public bool AllowPrivate { get; }

    public string? Text(string name) => _given.Settings.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    public string? Secret(string name) => _given.Secrets.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    public void Wrong(string path, string message) => Problems.Add(new ConfigProblem(path, message));

    private void Unknown(string part, IEnumerable<string> given, IReadOnlyList<SettingDescriptor> known)
    {
        foreach (var name in given.Where(n => known.All(k => k.Name != n))) Wrong($"{part}.{name}", $"There is no '{name}' here; known: {string.Join(", ", known.Select(k => k.Name))}.");
    }
}
