using WorkflowEngine.Definitions;

namespace WorkflowEngine.Cli;

/// <summary>Findings about settings of the server: WF52xx, one named method per code.</summary>
internal static class SettingDiagnostics
{
    // What stands at a name that nobody knows may be a secret under a wrong name.
    public static Diagnostic Unknown(SourceSpan place, string name, IReadOnlyCollection<string> known) => Error(
        "WF5201", place, $"There is no setting '{name}'.", Suggestions.Best(name, known) is { } meant ? $"Did you mean '{meant}'?" : $"Settings: {string.Join(", ", known)}.") with { HidesSource = true };

    public static Diagnostic Unfit(SourceSpan place, Setting setting, string said, string text) => Error(
        "WF5202", place, $"{said} must be {setting.Expected}; '{(text.Length > 100 ? text[..100] + "…" : text)}' is not.", $"Without it: {setting.Otherwise}.");

    public static Diagnostic NoValue(SourceSpan place, Setting setting, string said) => Error(
        "WF5203", place, $"{said} needs one value: {setting.Expected}.", null);

    public static Diagnostic SecretWritten(SourceSpan place, Setting setting, string instead) => Error(
        "WF5204", place, $"A secret must not stand in '{setting.Name}' of a file.", instead) with { HidesSource = true };

    public static Diagnostic Unreadable(SourceSpan place, string file, string why) => Error(
        "WF5205", place, $"'{file}' cannot be used: {why}", null) with { HidesSource = true };

    public static Diagnostic Together(SourceSpan place, string said, string other, string instead) => Error(
        "WF5206", place, $"{said} does not go together with {other}.", instead) with { HidesSource = true };

    public static Diagnostic Needs(SourceSpan place, string said, string other, string instead) => Error(
        "WF5207", place, $"{said} needs {other}.", instead) with { HidesSource = true };

    /// <summary>An address or a connection string that cannot be used as it is.</summary>
    public static Diagnostic Unsafe(SourceSpan place, string why) => Error("WF5208", place, why, null);

    private static Diagnostic Error(string code, SourceSpan span, string message, string? hint) => new(code, DiagnosticSeverity.Error, span, message, hint);
}
