using WorkflowEngine.Definitions;

namespace WorkflowEngine.FlowTesting;

/// <summary>Findings about files of tests: WF6xxx, one named method per code.</summary>
public static class FlowTestDiagnostics
{
    public static Diagnostic UnknownFlow(Located<string> flow, IEnumerable<string> known) => Error(
        "WF6001", flow.Span, $"There is no flow '{flow.Value}' beside these tests.", $"Flows here: {List(known)}.");

    public static Diagnostic UnknownFile(Located<string> file, string folder) => Error(
        "WF6002", file.Span, $"There is no file '{file.Value}' below '{folder}'.", "Its path begins at the folder of the tests: fixtures/org.yaml.");

    public static Diagnostic UnknownConnection(Located<string> connection, IEnumerable<string> known) => Error(
        "WF6003", connection.Span, $"The flow has no connection '{connection.Value}'.", $"Its connections: {List(known)}.");

    public static Diagnostic UnknownEntity(Located<string> entity, string connection) => Error(
        "WF6004", entity.Span, $"'{connection}' has no entity '{entity.Value}'.", "Custom objects are known when a flow requires them.");

    public static Diagnostic UnknownStep(Located<string> step, IEnumerable<string> known) => Error(
        "WF6005", step.Span, $"The flow has no step '{step.Value}'.", $"Its steps: {List(known)}.");

    public static Diagnostic BadTime(Located<string> time) => Error(
        "WF6006", time.Span, $"'{time.Value}' is no instant.", "For example: now: 2026-03-01T12:00:00Z");

    private static string List(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal)) is { Length: > 0 } text ? text : "none";

    private static Diagnostic Error(string code, SourceSpan span, string message, string? hint) => new(code, DiagnosticSeverity.Error, span, message, hint);
}
