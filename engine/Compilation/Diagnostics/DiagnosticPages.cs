namespace WorkflowEngine.Compilation.Diagnostics;

/// <summary>Every code of this room with its page, for documentation and editors.</summary>
public static class DiagnosticPages
{
    private static readonly DiagnosticFamily[] Families =
    [
        BindingDiagnostics.Family, FieldDiagnostics.Family, RequiresDiagnostics.Family,
        FlowDiagnostics.Family, MatchDiagnostics.Family, TriggerDiagnostics.Family,
    ];

    public static IReadOnlyList<DiagnosticPage> All { get; } =
        [.. Families.SelectMany(f => f.Codes).Select(c => new DiagnosticPage(c.Code, c.Severity, c.Meaning, c.Example, c.Fix)).OrderBy(p => p.Code, StringComparer.Ordinal)];
}
