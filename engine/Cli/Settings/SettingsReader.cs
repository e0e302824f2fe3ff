using WorkflowEngine.Definitions;

namespace WorkflowEngine.Cli;

/// <summary>What was said about the settings: by a file, above it by the environment, above both by the command line. Gathers all mistakes.</summary>
internal sealed class SettingsReader
{
    private const int LargestFile = 256 * 1024;

    private readonly Dictionary<Setting, Given> _given = [];
    private readonly List<Diagnostic> _mistakes = [];

    private SettingsReader()
    {
    }

    /// <summary>The last word on each setting.</summary>
    public IReadOnlyDictionary<Setting, Given> Given => _given;

    public IReadOnlyList<Diagnostic> Mistakes => _mistakes;

    /// <param name="options">What the command line says.</param>
    /// <param name="environment">All variables of the environment.</param>
    public static SettingsReader Read(IReadOnlyList<OptionText> options, IReadOnlyDictionary<string, string> environment)
    {
        var reader = new SettingsReader();
        // In the order of the weight; the mistakes of all are told.
        var (said, ofEnvironment) = (reader.OfOptions(options), reader.OfEnvironment(environment));
        var config = said.Concat(ofEnvironment).FirstOrDefault(g => g.Setting == ServerTable.Config);
        if (config is not null) reader.Take(reader.OfFile(config));
        reader.Take(ofEnvironment);
        reader.Take(said);
        return reader;
    }

    /// <summary>The value; the default when nobody said it or it was no value.</summary>
    public T Value<T>(Setting<T> setting, T otherwise) => _given.TryGetValue(setting, out var given) && setting.Read(given.Text) is T value ? value : otherwise;

    public Given? Find(Setting setting) => _given.GetValueOrDefault(setting);

    public void Add(Diagnostic mistake) => _mistakes.Add(mistake);

    /// <summary>The mistakes for people, each with the place it was said at.</summary>
    public IReadOnlyList<string> Told() => [.. _mistakes.Select(Tell)];

    private static string Tell(Diagnostic mistake)
    {
        if (mistake.Path is not { Length: > 0 } path || (!path.StartsWith("--", StringComparison.Ordinal) && !path.StartsWith(Setting.Prefix, StringComparison.Ordinal))) return DiagnosticRenderer.Render(mistake).TrimEnd();
        // A variable and an option have no lines.
        return $"{path}: error {mistake.Code}: {mistake.Message}{(mistake.Hint is { } hint ? $"\n    hint: {hint}" : "")}";
    }

    private void Take(IEnumerable<Given> given)
    {
        foreach (var one in given)
        {
            if (one.Setting == ServerTable.Config) continue;
            _given[one.Setting] = one;
        }
    }

    private List<Given> OfOptions(IReadOnlyList<OptionText> options)
    {
        var found = new List<Given>();
        foreach (var option in options)
        {
            var place = new SourceText(option.Name, "").SpanOf(0, 0);
            if (option.Setting is not { } setting) _mistakes.Add(SettingDiagnostics.Unknown(place, option.Name, option.Known));
            else if (option.Values.Count == 0 && setting.IsFlag) Take(found, new Given(setting, "true", option.Name, place, OfFile: false));
            else if (option.Values.Count == 0 || (option.Values.Count > 1 && !setting.IsList)) _mistakes.Add(SettingDiagnostics.NoValue(place, setting, option.Name));
            else Take(found, new Given(setting, string.Join(';', option.Values), option.Name, place, OfFile: false));
        }

        return found;
    }

    private List<Given> OfEnvironment(IReadOnlyDictionary<string, string> environment)
    {
        var found = new List<Given>();
        var known = ServerTable.All.Append(ServerTable.Config).ToDictionary(s => s.Variable, StringComparer.Ordinal);
        // Empty is how scripts say nothing.
        foreach (var (name, text) in environment.Where(v => v.Key.StartsWith(Setting.Prefix, StringComparison.Ordinal) && v.Value.Length > 0).OrderBy(v => v.Key, StringComparer.Ordinal))
        {
            var place = new SourceText(name, "").SpanOf(0, 0);
            if (known.TryGetValue(name, out var setting)) Take(found, new Given(setting, text, name, place, OfFile: false));
            else _mistakes.Add(SettingDiagnostics.Unknown(place, name, known.Keys));
        }

        return found;
    }

    private List<Given> OfFile(Given config)
    {
        var found = new List<Given>();
        try
        {
            var file = new FileInfo(config.Text);
            if (!file.Exists) _mistakes.Add(SettingDiagnostics.Unreadable(config.Place, config.Text, "there is no such file."));
            else if (file.Length > LargestFile) _mistakes.Add(SettingDiagnostics.Unreadable(config.Place, config.Text, "it is larger than 256 KB."));
            else
            {
                var document = YamlDocument.Read(new SourceText(config.Text, File.ReadAllText(file.FullName)));
                // A line that YAML cannot read may hold anything, a secret too: it is not shown, nor how it should be.
                _mistakes.AddRange(document.Diagnostics.Where(d => d.IsError).Select(d => d with { HidesSource = true, Hint = null, Fix = null }));
                if (document.Root is YamlMapping mapping) Walk(mapping, "", file.DirectoryName!, found);
                else if (document.Root is { } other) _mistakes.Add(SettingDiagnostics.Unreadable(other.Span, config.Text, "it is no list of names and values, such as 'urls: http://127.0.0.1:5080'."));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _mistakes.Add(SettingDiagnostics.Unreadable(config.Place, config.Text, e.Message));
        }

        return found;
    }

    private void Walk(YamlMapping mapping, string group, string folder, List<Given> found)
    {
        foreach (var entry in mapping.Entries)
        {
            var name = group + entry.Key.Value;
            if (ServerTable.All.FirstOrDefault(s => s.Name == name) is { } setting) Leaf(entry, setting, folder, found);
            else if (ServerTable.All.Any(s => s.Name.StartsWith(name + ".", StringComparison.Ordinal)))
            {
                if (entry.Value is YamlMapping inner) Walk(inner, name + ".", folder, found);
                else _mistakes.Add(SettingDiagnostics.Unknown(entry.Key.Span, name, [.. ServerTable.All.Select(s => s.Name).Where(n => n.StartsWith(name + ".", StringComparison.Ordinal))]));
            }
            else _mistakes.Add(SettingDiagnostics.Unknown(entry.Key.Span, name, [.. ServerTable.All.Select(s => s.Name)]));
        }
    }

    private void Leaf(YamlEntry entry, Setting setting, string folder, List<Given> found)
    {
        if (setting.IsSecret)
        {
            _mistakes.Add(SettingDiagnostics.SecretWritten(entry.Key.Span, setting, $"Give it by the environment: {setting.Variable}{(setting == ServerTable.MasterKey ? ", or name its file: keyFile" : "")}."));
            return;
        }

        var said = $"'{setting.Name}'";
        IReadOnlyList<YamlNode> nodes = entry.Value is YamlSequence list && setting.IsList ? list.Items : [entry.Value];
        if (nodes.Any(n => n is YamlScalar { Kind: YamlScalarKind.Refused })) return;
        if (nodes is [YamlScalar { Kind: YamlScalarKind.Null }]) return;
        if (nodes.Count == 0 || nodes.Any(n => n is not YamlScalar))
        {
            _mistakes.Add(SettingDiagnostics.NoValue(entry.Value.Span, setting, said));
            return;
        }

        var text = string.Join(';', nodes.Cast<YamlScalar>().Select(s => s.Value));
        if (ConnectionText.HoldsSecret(text))
        {
            _mistakes.Add(SettingDiagnostics.SecretWritten(entry.Value.Span, setting, $"Give it by the environment ({setting.Variable}), or name a file that holds it: {ServerTable.DbFrom.Name}."));
            return;
        }

        // What a file names lies where the file says it, wherever the server is started.
        if (setting.IsPath && text.Length > 0 && !ConnectionText.IsServer(text)) text = Path.GetFullPath(Path.Combine(folder, text));
        Take(found, new Given(setting, text, said, entry.Value.Span, OfFile: true));
    }

    private void Take(List<Given> found, Given given)
    {
        if (given.Text.Length == 0) _mistakes.Add(SettingDiagnostics.NoValue(given.Place, given.Setting, given.Said));
        else if (given.Setting.Read(given.Text) is null) _mistakes.Add(SettingDiagnostics.Unfit(given.Place, given.Setting, given.Said, given.Setting.Show(given.Text)));
        else found.Add(given);
    }
}
