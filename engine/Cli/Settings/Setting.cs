using System.Text;

namespace WorkflowEngine.Cli;

/// <summary>One setting of the server. Its names in a file, in the environment and on the command line follow from one: <c>oidc.authority</c>, <c>FLOW_SERVER_OIDC_AUTHORITY</c>, <c>--oidc-authority</c>.</summary>
internal abstract class Setting(string name, string description, string expected, string otherwise)
{
    public const string Prefix = "FLOW_SERVER_";

    public const string Hidden = "•••";

    public string Name => name;

    /// <summary>One sentence for people, without a final stop.</summary>
    public string Description => description;

    /// <summary>What it takes, in words: "a number from 1 to 9".</summary>
    public string Expected => expected;

    /// <summary>What holds when nobody says it, in words.</summary>
    public string Otherwise => otherwise;

    public string Option { get; } = "--" + Cut(name, '-');

    public string Variable { get; } = Prefix + Cut(name, '_').ToUpperInvariant();

    /// <summary>It is given by the environment only: a file is copied, a command line is seen by every process.</summary>
    public bool IsSecret { get; init; }

    /// <summary>On the command line its name alone means yes.</summary>
    public bool IsFlag { get; init; }

    /// <summary>Several values, separated by semicolons or written as a list.</summary>
    public bool IsList { get; init; }

    /// <summary>A path, which a file means from where it lies itself.</summary>
    public bool IsPath { get; init; }

    /// <summary>How a value is shown to people.</summary>
    public string Show(string text) => IsSecret ? Hidden : ConnectionText.Hide(text);

    /// <summary>The value, or null when the text is none.</summary>
    public abstract object? Read(string text);

    private static string Cut(string name, char between)
    {
        var result = new StringBuilder();
        foreach (var c in name)
        {
            if (c == '.') result.Append(between);
            else if (char.IsAsciiLetterUpper(c)) result.Append(between).Append(char.ToLowerInvariant(c));
            else result.Append(c);
        }

        return result.ToString();
    }
}

/// <summary>A setting whose value has a type.</summary>
internal sealed class Setting<T>(string name, string description, string expected, string otherwise, Func<string, object?> read) : Setting(name, description, expected, otherwise)
{
    public override object? Read(string text) => read(text);
}
