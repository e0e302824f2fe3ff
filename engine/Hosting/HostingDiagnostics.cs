using System.Globalization;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Hosting;

/// <summary>Findings about connections, deployments and their binding: WF5xxx, one named method per code.</summary>
public static class HostingDiagnostics
{
    public static Diagnostic UnknownConnector(Located<string> name, IReadOnlyList<IConnector> connectors) => Error(
        "WF5001", name.Span, $"There is no connector '{name.Value}'.", $"Known connectors: {string.Join(", ", connectors.Select(c => c.Descriptor.Name))}.");

    public static Diagnostic UnknownSetting(Located<string> name, string connector, IReadOnlyList<SettingDescriptor> known) => Error(
        "WF5002", name.Span, $"The connector '{connector}' has no setting '{name.Value}'.", $"Its settings: {Names(known)}.");

    public static Diagnostic SettingIsNoLiteral(FieldLine line) => Error(
        "WF5003", line.Value.Span, $"The setting '{line.Name.Value}' must be a plain text, number or true/false.", null);

    public static Diagnostic UnknownSecret(Located<string> name, string connector, IReadOnlyList<SettingDescriptor> known) => Error(
        "WF5004", name.Span, $"The connector '{connector}' has no secret '{name.Value}'.", $"Its secrets: {Names(known)}.");

    public static Diagnostic SecretNotSet(string secret, Located<string> variable) => Error(
        "WF5005", variable.Span, $"The secret '{secret}' is read from the environment variable '{variable.Value}', which is not set.", $"Set {variable.Value} before the server starts.");

    public static Diagnostic ConnectionProblem(SourceSpan place, string message) => Error("WF5006", place, message, null);

    public static Diagnostic UnknownTemplate(Located<string> name, IEnumerable<string> known) => Error(
        "WF5101", name.Span, $"There is no template '{name.Value}'.", $"Templates here: {List(known)}.");

    public static Diagnostic OtherVersion(Located<string> version, string template, string actual) => Error(
        "WF5102", version.Span, $"The deployment wants version {version.Value} of '{template}', but the file says {actual}.", $"Write version: {actual} when you have read what changed.");

    public static Diagnostic ConnectionNotBound(SourceSpan place, string logical, string connector) => Error(
        "WF5103", place, $"The flow's connection '{logical}' ({connector}) is not bound.", $"Add under connections: '{logical}: NAME' with the name of a {connector} connection.");

    public static Diagnostic UnknownConnection(Located<string> name, IEnumerable<string> known) => Error(
        "WF5104", name.Span, $"There is no connection '{name.Value}'.", $"Connections here: {List(known)}.");

    public static Diagnostic WrongConnector(Located<string> name, string actual, string wanted) => Error(
        "WF5105", name.Span, $"The connection '{name.Value}' is a {actual} connection, the flow needs {wanted}.", null);

    public static Diagnostic UnknownParameter(Located<string> name, IEnumerable<string> known) => Error(
        "WF5106", name.Span, $"The template has no parameter '{name.Value}'.", $"Its parameters: {List(known)}.");

    public static Diagnostic ParameterMissing(SourceSpan place, string name, string type) => Error(
        "WF5107", place, $"The parameter '{name}' ({type}) has no default and must be given.", $"Add under parameters: '{name}: …'.");

    public static Diagnostic ParameterDoesNotFit(SourceSpan place, string name, string expected) => Error(
        "WF5108", place, $"The parameter '{name}' must be {expected}.", null);

    public static Diagnostic SameName(Located<string> name, string other) => Error(
        "WF5111", name.Span, $"The deployment '{name.Value}' is also described in {other}.", "Give each deployment a name of its own.");

    public static Diagnostic FlowWithErrors(Located<string> template, string file) => Error(
        "WF5112", template.Span, $"The template '{template.Value}' has mistakes in {file}, so it is not deployed.", null);

    public static Diagnostic HookTokenNotSet(Located<string> variable) => Error(
        "WF5113", variable.Span, $"The token of inbound calls is read from the environment variable '{variable.Value}', which is not set.", $"Set {variable.Value} to a long random text before the server starts.");

    public static Diagnostic HookTokenMissing(SourceSpan place, string webhook) => Error(
        "WF5114", place, $"The flow starts from the webhook '{webhook}', so the deployment needs a token for inbound calls.", "Add hookToken: { env: NAME_OF_A_VARIABLE }.");

    public static Diagnostic BadInstant(SourceSpan place, string name) => Error(
        "WF5115", place, $"'{name}' must be a date such as 2026-01-31 or an instant such as 2026-01-31T08:00:00Z.", null);

    public static Diagnostic UnreadableFile(SourceText source, string why) => Error("WF5116", source.SpanOf(0, 0), why, null);

    public static Diagnostic SameFlow(Located<string> flow, string other) => Error(
        "WF5117", flow.Span, $"The flow '{flow.Value}' is also described in {other}.", "Give each flow an id of its own.");

    public static Diagnostic NoWorkspace(string folder) => Error(
        "WF5118", new SourceText(folder, "").SpanOf(0, 0), $"There is no folder '{folder}'.", "Give the path of a workspace: a folder with flows/, connections/ and deployments/.");

    public static Diagnostic NoFlows(string folder) => Error(
        "WF5119", new SourceText(folder, "").SpanOf(0, 0), $"There are no flow files in '{Path.Combine(folder, "flows")}'.", "Put each template into a folder of its own there: flows/NAME/flow.yaml.");

    public static Diagnostic HookTokenByApi(SourceSpan place) => Error(
        "WF5120", place, "A deployment made through the API does not name its token.", "Make one with POST /api/deployments/NAME/hook-tokens: it is told once.");

    public static Diagnostic OverlayOfNoFlow(Located<string> flow, IEnumerable<string> known) => Error(
        "WF5130", flow.Span, $"The template has no flow '{flow.Value}', so the overlay cannot change it.", $"Its flows: {List(known)}.");

    public static Diagnostic OverlayOfNoStep(Located<string> step, string flow, IEnumerable<string> known) => Error(
        "WF5131", step.Span, $"The flow '{flow}' has no step '{step.Value}' (any more), so the overlay cannot change it.", $"Its steps with an id: {List(known.Distinct(StringComparer.Ordinal))}.");

    public static Diagnostic OverlayUnfit(SourceSpan place, string step, string activity, string what) => Error(
        "WF5132", place, $"The step '{step}' is a {activity} and has no '{what}' that an overlay could change.", null);

    public static Diagnostic OverlayRemovesNothing(Located<string> line, IEnumerable<string> known) => Error(
        "WF5133", line.Span, $"There is no line '{line.Value}' (any more) to remove.", $"Lines there: {List(known)}.");

    public static Diagnostic UnknownTemplateName(Located<string> name) => Error(
        "WF5134", name.Span, $"No flow of the template reads or writes '{name.Value}', so it cannot be called otherwise.", "Write the template's own name: connection/Entity or connection/Entity.field.");

    public static Diagnostic UnknownTable(Located<string> name, IEnumerable<string> known) => Error(
        "WF5135", name.Span, $"The template has no table '{name.Value}'.", $"Its tables: {List(known)}. A table of the deployment's own needs key and columns.");

    internal static Diagnostic FieldsShared(SourceSpan place, SharedFields shared) => new(
        "WF5140", DiagnosticSeverity.Warning, place,
        shared.Cycle
            ? $"What these deployments write begins runs of the next one: {string.Join(" → ", shared.Deployments)}, through {shared.FieldsInWords}."
            : $"The deployments '{shared.Deployments[0]}' and '{shared.Deployments[1]}' both write {shared.FieldsInWords}: each undoes what the other wrote.",
        shared.AllNamed
            ? $"If that is meant, say so in one of them: sharedFields: [{List(shared.Fields)}]."
            : $"If that is meant, say so in one of them with sharedFields. All {shared.Fields.Count.ToString(CultureInfo.InvariantCulture)} names: flow deploy FILE --dry-run --json, under shared.");

    private static string Names(IReadOnlyList<SettingDescriptor> known) => known.Count == 0 ? "none" : List(known.Select(s => s.Name));

    private static string List(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal)) is { Length: > 0 } text ? text : "none";

    private static Diagnostic Error(string code, SourceSpan span, string message, string? hint) => new(code, DiagnosticSeverity.Error, span, message, hint);
}
