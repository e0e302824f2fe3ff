using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Diagnostics;

/// <summary>WF22xx: what <c>requires</c>, metadata files, parameters and tables declare. One method per code.</summary>
internal static class RequiresDiagnostics
{
    public static readonly DiagnosticFamily Family = new(typeof(RequiresDiagnostics));

    [DiagnosticCode("WF2201", "'requires' asks for an entity or field that this system cannot have beside its own.",
        "requires: { servicetitan: { customer: { color: { type: text } } } }", "set: { custom.Color: =input.color }")]
    public static Diagnostic NotExtensible(SourceSpan span, string what, string owner) => Family.Make(
        span,
        $"{owner} takes no {what} of an org's own.",
        "Only what the catalogue lists can be used here; custom data has its own fields, such as custom.Name or external.name.");

    [DiagnosticCode("WF2202", "'requires' or a metadata file gives a field another type than the catalogue does.",
        "requires: { salesforce: { Account: { Phone: { type: number } } } }", "requires: { salesforce: { Account: { Phone: { type: phone } } } }")]
    public static Diagnostic OtherType(SourceSpan span, string field, string wanted, string found) => Family.Make(
        span,
        $"{field} is {found} already; it cannot be {wanted}.",
        "Remove the line, or give the field its real type.");

    [DiagnosticCode("WF2203", "A reference in 'requires' points to an entity that is not there.",
        "{ type: reference, to: Acount }", "{ type: reference, to: Account }")]
    public static Diagnostic UnknownTarget(SourceSpan span, string connection, string name, IReadOnlyCollection<string> known) => Family.Make(
        span,
        $"'{connection}' has no entity '{name}' to refer to.",
        DiagnosticFamily.Known(name, known, "Entities"),
        DiagnosticFamily.Rename(span, name, known));

    [DiagnosticCode("WF2204", "A property of a required field does not go with its type.",
        "{ type: boolean, length: 20 }", "{ type: boolean }")]
    public static Diagnostic UnfitProperty(SourceSpan span, string property, string type, string allowed) => Family.Make(
        span,
        $"A field of type {type} has no '{property}'.",
        $"'{property}' goes with {allowed}.");

    [DiagnosticCode("WF2210", "A parameter is never read.",
        "parameters: { owner: { type: text } }", "set: { OwnerId: =params.owner }", Severity = DiagnosticSeverity.Warning)]
    public static Diagnostic UnusedParameter(SourceSpan span, string name) => Family.Make(
        span,
        $"The parameter '{name}' is asked for but never read.",
        $"Read it as params.{name}, or remove it.");

    [DiagnosticCode("WF2211", "A limit of a parameter does not go with its type, or its default lies outside.",
        "{ type: integer, default: 400, max: 180 }", "{ type: integer, default: 30, max: 180 }")]
    public static Diagnostic OutsideLimits(SourceSpan span, string what, string limit) => Family.Make(
        span,
        $"{what} {limit}.",
        "Change the value or the limit.");

    [DiagnosticCode("WF2212", "A parameter or column has limits or conditions that its type cannot have.",
        "{ type: text, min: 3 }", "{ type: integer, min: 3 }")]
    public static Diagnostic UnfitLimit(SourceSpan span, string property, string type, string allowed) => Family.Make(
        span,
        $"'{property}' does not go with the type {type}.",
        $"It goes with {allowed}.");

    [DiagnosticCode("WF2220", "A row of a table names a column that the table does not have.",
        "rows: [{ key: A, regoin: West }]", "rows: [{ key: A, region: West }]")]
    public static Diagnostic UnknownColumn(SourceSpan span, string table, string name, IReadOnlyCollection<string> known) => Family.Make(
        span,
        $"The table '{table}' has no column '{name}'.",
        DiagnosticFamily.Known(name, known, "Columns"),
        DiagnosticFamily.Rename(span, name, known));

    [DiagnosticCode("WF2221", "A row of a table lacks a column that is not optional.",
        "rows: [{ key: A }]", "rows: [{ key: A, region: West }]")]
    public static Diagnostic MissingColumn(SourceSpan span, string table, string name) => Family.Make(
        span,
        $"This row of '{table}' has no value for '{name}'.",
        $"Give one, or mark the column optional: {name}: {{ type: text, optional: true }}");

    [DiagnosticCode("WF2222", "Two rows of a table have the same key.",
        "rows: [{ key: A, n: 1 }, { key: A, n: 2 }]", "rows: [{ key: A, n: 1 }, { key: B, n: 2 }]")]
    public static Diagnostic DuplicateRow(SourceSpan span, string table, string key, int line) => Family.Make(
        span,
        $"The table '{table}' has a row '{key}' already, on line {line}.",
        "Remove one of the two.");

    [DiagnosticCode("WF2223", "'rows' names a file that the template does not have.",
        "tables: { regions: { key: text, columns: { name: text }, rows: regions.csv } }", "tables: { regions: { key: text, columns: { name: text }, rows: tables/regions.csv } }")]
    public static Diagnostic TableFileMissing(SourceSpan span, string file, IReadOnlyCollection<string> known) => Family.Make(
        span,
        $"The template has no file '{file}'.",
        known.Count == 0 ? "Rows may stand in the flow, or in a CSV file below the flow's folder whose first line names the columns." : $"CSV files here: {string.Join(", ", known)}.");

    [DiagnosticCode("WF2224", "A CSV file of a table cannot be read as rows.",
        "key,region\n\"A,West", "key,region\nA,West")]
    public static Diagnostic TableFileBroken(SourceSpan span, string problem) => Family.Make(
        span, problem, "The first line names the columns, one of them 'key'; each further line is a row: key,region then A,West.");
}
