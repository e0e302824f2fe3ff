using System.Globalization;

namespace WorkflowEngine.Benchmarks;

/// <summary>What stands behind a name on the command line.</summary>
internal static class Arguments
{
    public static string? Text(string[] args, string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;

    public static int Number(string[] args, string name, int usual) => Text(args, name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;
}
