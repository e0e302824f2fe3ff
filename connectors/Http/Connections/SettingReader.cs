using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Connectors.Http;

/// <summary>Reads the settings of a connection and gathers what is wrong with them.</summary>
public sealed class SettingReader
{
    private readonly ConnectionSettings _given;
    private readonly ConnectorDescriptor _descriptor;

    /// <summary>Begins with the names nobody knows and with <c>allowPrivate</c>.</summary>
    public SettingReader(ConnectionSettings given, ConnectorDescriptor descriptor)
    {
        (_given, _descriptor) = (given, descriptor);
        Unknown("settings", given.Settings.Keys, descriptor.Settings);
        Unknown("secrets", given.Secrets.Keys, descriptor.Secrets);
        AllowPrivate = Text("allowPrivate") is "true";
        if (Text("allowPrivate") is { } flag and not ("true" or "false")) Wrong("settings.allowPrivate", $"true or false, not '{flag}'.");
    }

    /// <summary>What is wrong, so far.</summary>
    public List<ConfigProblem> Problems { get; } = [];

    /// <summary>Loopback and private addresses may be called.</summary>
    public bool AllowPrivate { get; }

    /// <summary>A setting as given; null when it is not.</summary>
    public string? Text(string name) => _given.Settings.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>A setting as given, else its default, else empty.</summary>
    public string Value(string name) => Text(name) ?? _descriptor.Settings.FirstOrDefault(s => s.Name == name)?.Default ?? "";

    /// <summary>A secret; null when it is not given.</summary>
    public string? Secret(string name) => _given.Secrets.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>Adds what is wrong.</summary>
    public void Wrong(string path, string message) => Problems.Add(new ConfigProblem(path, message));

    private void Unknown(string part, IEnumerable<string> given, IReadOnlyList<SettingDescriptor> known)
    {
        foreach (var name in given.Where(n => known.All(k => k.Name != n))) Wrong($"{part}.{name}", $"There is no '{name}' here; known: {string.Join(", ", known.Select(k => k.Name))}.");
    }
}
