using System.Globalization;
using System.Net;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Cli;

/// <summary>The kinds of settings.</summary>
internal static class SettingKinds
{
    public static Setting<string> Text(string name, string description, string otherwise = "none") => new(name, description, "a text", otherwise, t => t);

    public static Setting<string> Path(string name, string description, string otherwise = "none") => new(name, description, "a path", otherwise, t => t) { IsPath = true };

    public static Setting<string> Secret(string name, string description) => new(name, description, "a text", "none", t => t) { IsSecret = true };

    public static Setting<bool> Flag(string name, string description) =>
        new(name, description, "true or false", "false", t => t switch { "true" or "True" => true, "false" or "False" => false, _ => null }) { IsFlag = true };

    public static Setting<double> Number(string name, string description, double least, double most, string otherwise) => new(
        name, description, string.Create(CultureInfo.InvariantCulture, $"a number from {least:0.###} to {most:0.###}"), otherwise,
        t => double.TryParse(t, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null);

    public static Setting<long> Count(string name, string description, long least, long most, string otherwise) => new(
        name, description, string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"), otherwise,
        t => long.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null);

    public static Setting<TimeSpan> Duration(string name, string description, string least, string most, string otherwise)
    {
        _ = DurationText.TryParse(least, out var from);
        _ = DurationText.TryParse(most, out var to);
        return new(name, description, $"a duration from {least} to {most}, such as {otherwise}", otherwise, t => DurationText.TryParse(t, out var time) && time >= from && time <= to ? time : null);
    }

    public static Setting<string> Word(string name, string description, string otherwise, params string[] words) => new(name, description, $"one of {string.Join(", ", words)}", otherwise, t => words.Contains(t) ? t : null);

    public static Setting<string[]> Several(string name, string description, string otherwise, params string[] words) => new(
        name, description, $"one or more of {string.Join(", ", words)}", otherwise, t => Parts(t) is { Length: > 0 } parts && parts.All(words.Contains) ? parts : null) { IsList = true };

    public static Setting<string[]> Addresses(string name, string description, string otherwise) => new(
        name, description, $"addresses such as {otherwise}", otherwise, t => Parts(t) is { Length: > 0 } parts && parts.All(p => AddressOf(p) is not null) ? parts : null) { IsList = true };

    public static Setting<Uri> Address(string name, string description, string example) => new(name, description, $"an address such as {example}", "none", AddressOf);

    public static Setting<IPAddress> Ip(string name, string description, string otherwise) => new(name, description, $"an IP address such as {otherwise}", otherwise, t => IPAddress.TryParse(t, out var address) ? address : null);

    public static Setting<IPEndPoint> EndPoint(string name, string description, string example) => new(
        name, description, $"an IP address with a port such as {example}", "none", t => IPEndPoint.TryParse(t, out var point) && point.Port > 0 ? point : null);

    private static string[] Parts(string text) => text.Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static Uri? AddressOf(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : null;
}
