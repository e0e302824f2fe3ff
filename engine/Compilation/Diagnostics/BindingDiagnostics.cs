using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Diagnostics;

/// <summary>WF20xx: names that must be known to the catalogue or to the flow. One method per code.</summary>
internal static class BindingDiagnostics
{
    public static readonly DiagnosticFamily Family = new(typeof(BindingDiagnostics));

    [DiagnosticCode("WF2001", "A step, trigger or type names a connection that the flow does not declare.",
        "lookup: salesfroce/Account", "lookup: salesforce/Account")]
    public static Diagnostic UnknownConnection(SourceSpan span, string name, IReadOnlyCollection<string> known) => Family.Make(
        span,
        $"The flow has no connection '{name}'.",
        DiagnosticFamily.Known(name, known, "Declared under 'connections'") ?? $"Declare it: connections: {{ {name}: servicetitan }}",
        DiagnosticFamily.Rename(span, name, known));

    [DiagnosticCode("WF2002", "A connection is of a connector that is not installed.",
        "connections: { crm: hubspot }", "connections: { crm: salesforce }")]
    public static Diagnostic UnknownConnector(SourceSpan span, string name, IReadOnlyCollection<string> known) => Family.Make(
        span,
        $"There is no connector '{name}'.",
        DiagnosticFamily.Known(name, known, "Connectors"),
        DiagnosticFamily.Rename(span, name, known));

    [DiagnosticCode("WF2003", "The connector has no such entity.",
        "query: servicetitan/customers", "query: servicetitan/customer")]
    public static Diagnostic UnknownEntity(SourceSpan span, string connection, string name, IReadOnlyCollection<string> known, bool extensible) => Family.Make(
        span,
        $"'{connection}' has no entity '{name}'.",
        Join(DiagnosticFamily.Known(name, known, "Entities"), extensible ? "An entity of the org's own is declared under 'requires' or pulled into a metadata file." : null),
        DiagnosticFamily.Rename(span, name, known));

    [DiagnosticCode("WF2004", "The entity has no such field.",
        "set: { Nmae: =input.name }", "set: { Name: =input.name }")]
    public static Diagnostic UnknownField(SourceSpan span, string entity, string name, IReadOnlyCollection<string> known, bool extensible) => Family.Make(
        span,
        $"{entity} has no field '{name}'.",
        Join(DiagnosticFamily.Known(name, known, "Fields"), extensible ? "A field of the org's own is declared under 'requires' or pulled into a metadata file." : null),
        DiagnosticFamily.Rename(span, name, known));

    [DiagnosticCode("WF2005", "The connector has no such operation.",
        "call: servicetitan/job.cancle", "call: servicetitan/job.cancel")]
    public static Diagnostic UnknownOperation(SourceSpan span, string connection, string name, IReadOnlyCollection<string> known) => Family.Make(
        span,
        $"'{connection}' has no operation '{name}'.",
        DiagnosticFamily.Known(name, known, "Operations"),
        DiagnosticFamily.Rename(span, name, known));

    [DiagnosticCode("WF2013", "The activity 'http' goes through a connection whose connector takes no such calls.",
        "connections: { alerts: alert-webhook }\nhttp: alerts", "connections: { billing: http }\nhttp: billing")]
    public static Diagnostic NoHttp(SourceSpan span, string connection, string connector) => Family.Make(
        span, $"'{connection}' is a connection of '{connector}', which takes no HTTP calls.", "A connection of the connector 'http' reaches any REST API.");

    [DiagnosticCode("WF2014", "A call that carries no body has one.",
        "http: billing\npath: /invoices\nbody: { page: 1 }", "http: billing\npath: /invoices\nparameters: { page: 1 }")]
    public static Diagnostic NoBody(SourceSpan span, string method) => Family.Make(
        span, $"A call of {method} has no body.", "What is asked for goes into 'parameters'; what is sent needs method: POST, PUT or PATCH.");

    [DiagnosticCode("WF2006", "The entity has no such event to start from.",
        "on: servicetitan/customer.updated", "on: servicetitan/customer.changed")]
    public static Diagnostic UnknownEvent(SourceSpan span, string entity, string name, IReadOnlyCollection<string> known) => Family.Make(
        span,
        known.Count == 0 ? $"No flow can start from changes of {entity}." : $"{entity} has no event '{name}'.",
        DiagnosticFamily.Known(name, known, "Events"),
        DiagnosticFamily.Rename(span, name, known));

    [DiagnosticCode("WF2008", "A 'flow:' or 'start:' names a flow that the template does not have.",
        "start: membership-remider", "start: membership-reminder")]
    public static Diagnostic UnknownFlow(SourceSpan span, string name, IReadOnlyCollection<string> known) => Family.Make(
        span,
        $"There is no flow '{name}' in this template.",
        DiagnosticFamily.Known(name, known, "Flows"),
        DiagnosticFamily.Rename(span, name, known));

    [DiagnosticCode("WF2009", "A 'setFrom' names a mappings file that is not there.",
        "setFrom: mappings/acount.yaml", "setFrom: mappings/account.yaml")]
    public static Diagnostic UnknownMapping(SourceSpan span, string path, IReadOnlyCollection<string> known) => Family.Make(
        span,
        $"There is no mappings file '{path}'.",
        DiagnosticFamily.Known(path, known, "Mappings files") ?? "The path is relative to the flow's folder.",
        DiagnosticFamily.Rename(span, path, known));

    [DiagnosticCode("WF2010", "A mappings file is written for another entity than the step's.",
        "create: salesforce/Lead\nsetFrom: mappings/account.yaml", "create: salesforce/Account\nsetFrom: mappings/account.yaml")]
    public static Diagnostic MappingOfOtherEntity(SourceSpan span, string path, string entity, string wanted) => Family.Make(
        span,
        $"The lines of '{path}' are for {entity}; this step writes {wanted}.",
        "Use a mappings file of this entity, or write the lines here.");

    [DiagnosticCode("WF2011", "A name means more than one thing, or is one that the language keeps for itself.",
        "- id: input", "- id: customer")]
    public static Diagnostic ReservedName(SourceSpan span, string name, string what) => Family.Make(
        span,
        $"{what} cannot be called '{name}': the language uses that name itself.",
        "Names such as input, params, run, found, list, text, date, money are taken.");

    [DiagnosticCode("WF2012", "'Id<…>', a table key or a column names an entity's field in a form that is not understood there.",
        "columns: { stage: salesforce/Opportunity.Stage }", "columns: { stage: salesforce/Opportunity.StageName }")]
    public static Diagnostic UnknownTypeField(SourceSpan span, string entity, string name, IReadOnlyCollection<string> known) => Family.Make(
        span,
        $"{entity} has no field '{name}', so its values cannot be the type.",
        DiagnosticFamily.Known(name, known, "Fields"),
        DiagnosticFamily.Rename(span, name, known));

    private static string? Join(string? first, string? second) => first is null ? second : second is null ? first : $"{first} {second}";
}
