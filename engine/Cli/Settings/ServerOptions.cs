using System.Collections;
using System.CommandLine;

namespace WorkflowEngine.Cli;

/// <summary>Settings of the server as options of a command. Their values are judged by the settings' reader, together with what files and the environment say.</summary>
internal sealed class ServerOptions
{
    private const int MostValues = 100;

    private readonly Command _command;
    private readonly Dictionary<Option<string[]>, Setting> _options = [];

    /// <param name="command">Gets an option for each.</param>
    /// <param name="settings">Those that the command line may say.</param>
    public ServerOptions(Command command, IEnumerable<Setting> settings)
    {
        _command = command;
        foreach (var setting in settings.Prepend(ServerTable.Config).Where(s => !s.IsSecret))
        {
            var option = new Option<string[]>(setting.Option)
            {
                Description = setting.IsFlag ? setting.Description : $"{setting.Description} (default: {setting.Otherwise})", Arity = new ArgumentArity(0, MostValues), AllowMultipleArgumentsPerToken = setting.IsList,
                HelpName = setting.IsFlag ? null : setting.Expected,
            };
            _options[option] = setting;
            command.Options.Add(option);
        }

        // An option that nobody knows is a mistake beside the others, not one that hides them.
        command.TreatUnmatchedTokensAsErrors = false;
    }

    /// <summary>What all three places say.</summary>
    public SettingsReader Read(ParseResult parsed) => SettingsReader.Read([.. Texts(parsed)], Environment());

    private static Dictionary<string, string> Environment() => System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);

    private IEnumerable<OptionText> Texts(ParseResult parsed)
    {
        foreach (var (option, setting) in _options)
        {
            if (parsed.GetResult(option) is { Implicit: false } result) yield return new OptionText(setting.Option, setting, [.. result.Tokens.Select(t => t.Value)], []);
        }

        var known = _command.Options.Select(o => o.Name).ToList();
        var afterUnknown = false;
        foreach (var token in parsed.UnmatchedTokens)
        {
            var isOption = token.StartsWith('-');
            // What stands behind an unknown option is most likely its value.
            if (isOption || !afterUnknown) yield return new OptionText(isOption ? token.Split('=', ':')[0] : token, null, [], known);
            afterUnknown = isOption;
        }
    }
}
