using System.Text.Json;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Cli;

/// <summary>Findings in the form code-review tools read (SARIF 2.1.0).</summary>
internal static class Sarif
{
    public static string Write(IReadOnlyList<Diagnostic> diagnostics) => JsonSerializer.Serialize(
        new Dictionary<string, object>
        {
            ["version"] = "2.1.0",
            ["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json",
            ["runs"] = new[]
            {
                new
                {
                    tool = new { driver = new { name = "flow check", rules = diagnostics.Select(d => d.Code).Distinct().Order(StringComparer.Ordinal).Select(c => new { id = c }) } },
                    results = diagnostics.Select(d => new
                    {
                        ruleId = d.Code,
                        level = d.Severity switch { DiagnosticSeverity.Error => "error", DiagnosticSeverity.Warning => "warning", _ => "note" },
                        message = new { text = d.Hint is null ? d.Message : $"{d.Message} {d.Hint}" },
                        locations = new[]
                        {
                            new
                            {
                                physicalLocation = new
                                {
                                    artifactLocation = new { uri = d.Path.Replace('\\', '/') },
                                    region = new { startLine = d.Position.Line, startColumn = d.Position.Column, charLength = d.Span.Length },
                                },
                            },
                        },
                    }),
                },
            },
        });
}
