using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Diagnostics;

/// <summary>WF21xx: what may be done with an entity or a field, and what values fit. One method per code.</summary>
internal static class FieldDiagnostics
{
    public static readonly DiagnosticFamily Family = new(typeof(FieldDiagnostics));

    [DiagnosticCode("WF2101", "Records of this entity cannot be read by condition.",
        "query: servicetitan/webhookEvent", "query: servicetitan/job")]
    public static Diagnostic NotQueryable(SourceSpan span, string entity) => Family.Make(
        span, $"Records of {entity} cannot be looked up or queried.", "The vendor offers no such call.");

    [DiagnosticCode("WF2102", "Records of this entity cannot be made, changed or deleted through the API.",
        "create: servicetitan/invoice", "update: servicetitan/invoice")]
    public static Diagnostic VerbRefused(SourceSpan span, string entity, string verb, IReadOnlyCollection<string> allowed) => Family.Make(
        span,
        $"Records of {entity} cannot be {verb}.",
        allowed.Count == 0 ? "The vendor only lets them be read." : $"They can be {string.Join(" and ", allowed)}.");

    [DiagnosticCode("WF2103", "This field cannot be given when a record is made.",
        "create: salesforce/Account\nset: { CreatedDate: =run.now }", "create: salesforce/Account\nset: { Name: =input.name }")]
    public static Diagnostic NotCreatable(SourceSpan span, string entity, string field, bool updatable) => Family.Make(
        span,
        $"{entity}.{field} cannot be set when a record is created.",
        updatable ? "It can be changed afterwards: move the line to setOnUpdate, or to an update of its own." : "The vendor fills it itself: remove the line.");

    [DiagnosticCode("WF2104", "This field cannot be changed on a record that exists.",
        "update: salesforce/CampaignMember\nset: { CampaignId: =params.campaign }", "setOnCreate: { CampaignId: =params.campaign }")]
    public static Diagnostic NotUpdatable(SourceSpan span, string entity, string field, bool creatable) => Family.Make(
        span,
        $"{entity}.{field} cannot be changed on a record that exists.",
        creatable ? "It can only be given when the record is created: in an upsert it belongs in setOnCreate." : "The vendor fills it itself: remove the line.");

    [DiagnosticCode("WF2105", "This field is only sent and never read.",
        "where: { password: x }", "where: { userName: x }")]
    public static Diagnostic NotReadable(SourceSpan span, string entity, string field) => Family.Make(
        span, $"{entity}.{field} can be written but not read.", "Read another field.");

    [DiagnosticCode("WF2106", "The vendor cannot filter by this field.",
        "where: { Description: =input.text }", "where: { Description: =input.text }\nscan: true")]
    public static Diagnostic NotFilterable(SourceSpan span, string entity, string field, IReadOnlyCollection<string> filterable, bool scanAllowed) => Family.Make(
        span,
        $"The vendor cannot filter {entity} by '{field}'.",
        $"It can by: {Catalog.FieldTypes.List(filterable)}.{(scanAllowed ? " With 'scan: true' all rows are read and filtered here, which costs calls." : "")}");

    [DiagnosticCode("WF2107", "No record can be found by this field.",
        "match: [[Description]]", "match: [[Phone]]")]
    public static Diagnostic NotSearchable(SourceSpan span, string entity, string field, IReadOnlyCollection<string> searchable) => Family.Make(
        span,
        $"{entity} cannot be searched by '{field}'.",
        $"It can by: {Catalog.FieldTypes.List(searchable)}.");

    [DiagnosticCode("WF2108", "A record is made without a field that it must have.",
        "create: salesforce/Contact\nset: { FirstName: Ann }", "create: salesforce/Contact\nset: { FirstName: Ann, LastName: Lee }")]
    public static Diagnostic RequiredMissing(SourceSpan span, string entity, IReadOnlyCollection<string> fields) => Family.Make(
        span,
        $"A new record of {entity} must have {Catalog.FieldTypes.And(fields)}.",
        $"Add to 'set' or 'setOnCreate': {fields.First()}: =…");

    [DiagnosticCode("WF2109", "A record is made with a required field that may be null, so that the vendor refuses some records.",
        "set: { LastName: =input.name?.last }", "set: { LastName: '=input.name?.last ?? \"Unknown\"' }", Severity = DiagnosticSeverity.Warning)]
    public static Diagnostic RequiredMayBeNull(SourceSpan span, string entity, string field) => Family.Make(
        span,
        $"{entity}.{field} must have a value on a new record, but this may be null.",
        "Give a value for the case: … ?? \"Unknown\"");

    [DiagnosticCode("WF2110", "A literal is not of the type its place needs.",
        "set: { NumberOfEmployees: many }", "set: { NumberOfEmployees: 12 }")]
    public static Diagnostic LiteralType(SourceSpan span, string place, string type, string text, string? hint = null) => Family.Make(
        span, $"{place} is {type}; '{Short(text)}' is not.", hint ?? "An expression begins with =.");

    [DiagnosticCode("WF2111", "A literal text is longer than the field.",
        "set: { BillingState: Massachusetts and its surroundings … }", "set: { BillingState: MA }")]
    public static Diagnostic TooLong(SourceSpan span, string place, int length, int most) => Family.Make(
        span, $"{place} holds {most} characters; this text has {length}.", "Shorten it; an expression can use text.truncate(…).");

    [DiagnosticCode("WF2112", "A literal is not one of the field's values.",
        "set: { Priority: Urgent }", "set: { Priority: High }")]
    public static Diagnostic NotAChoice(SourceSpan span, string place, string text, IReadOnlyCollection<string> choices) => Family.Make(
        span,
        $"{place} cannot be '{Short(text)}'.",
        $"{(Suggestions.DidYouMean(text, choices) is { } near ? near + " " : "")}Its values: {Catalog.FieldTypes.List(choices, 20)}.",
        DiagnosticFamily.Rename(span, text, choices));

    [DiagnosticCode("WF2113", "An expression gives a value of another type than its place needs.",
        "set: { CloseDate: =input.name }", "set: { CloseDate: =date.of(input.createdOn, params.timeZone) }")]
    public static Diagnostic ExpressionType(SourceSpan span, string place, string wanted, string given, string? hint) => Family.Make(
        span, $"{place} is {wanted}; this gives {given}.", hint);

    [DiagnosticCode("WF2114", "A value may be null where there must be one.",
        "record: =account?.Id", "record: =account.Id")]
    public static Diagnostic MayBeNull(SourceSpan span, string place, string? hint = null) => Family.Make(
        span, $"{place} must have a value, but this may be null.", hint ?? "Ask before: if: =… !== null, or give another value: … ?? …");

    [DiagnosticCode("WF2116", "A list or object stands where the field takes a single value, or the other way round.",
        "set: { Name: [a, b] }", "set: { Name: a }")]
    public static Diagnostic WrongStructure(SourceSpan span, string place, string wanted, string given) => Family.Make(
        span, $"{place} is {wanted}; this is {given}.", "Write a value of that form.");

    [DiagnosticCode("WF2117", "A number has more digits after the point than the field keeps.",
        "set: { Amount: 12.345 }", "set: { Amount: 12.35 }")]
    public static Diagnostic TooFine(SourceSpan span, string place, string text, int scale) => Family.Make(
        span, $"{place} keeps {scale} digits after the point; {text} has more.", "Round it.");

    [DiagnosticCode("WF2120", "'ref' stands on a field that names no parent, or names another entity than the field does.",
        "Name: { ref: salesforce/Account, by: Key__c, value: =input.id }", "AccountId: { ref: salesforce/Account, by: Key__c, value: =input.id }")]
    public static Diagnostic NotAReference(SourceSpan span, string field, string type, string wanted) => Family.Make(
        span, $"{field} is {type}; it cannot refer to {wanted}.", null);

    [DiagnosticCode("WF2121", "'ref … by' names a field that is no external id.",
        "{ ref: salesforce/Account, by: Name, value: =input.name }", "{ ref: salesforce/Account, by: ServiceTitan_Customer_Id__c, value: =input.id }")]
    public static Diagnostic NotAnExternalId(SourceSpan span, string entity, string field, IReadOnlyCollection<string> known) => Family.Make(
        span,
        $"{entity}.{field} is no external id; a parent cannot be named by it.",
        known.Count == 0 ? $"Declare one under 'requires': {field}: {{ type: text, length: 20, externalId: true, unique: true }}" : $"External ids: {Catalog.FieldTypes.List(known)}.");

    [DiagnosticCode("WF2130", "'with' gives a value that nobody takes.",
        "with: { jobID: =job.id }", "with: { jobId: =job.id }")]
    public static Diagnostic UnknownInput(SourceSpan span, string taker, string name, IReadOnlyCollection<string> known) => Family.Make(
        span,
        $"{taker} takes no '{name}'.",
        DiagnosticFamily.Known(name, known, "It takes"),
        DiagnosticFamily.Rename(span, name, known));

    [DiagnosticCode("WF2131", "'with' lacks a value that must be given.",
        "with: { reasonId: =params.reason }", "with: { id: =job.id, reasonId: =params.reason }")]
    public static Diagnostic InputMissing(SourceSpan span, string taker, IReadOnlyCollection<string> names) => Family.Make(
        span,
        $"{taker} needs {Catalog.FieldTypes.And([.. names.Select(n => $"'{n}'")])}.",
        $"For example: with: {{ {names.First()}: =… }}");

    [DiagnosticCode("WF2140", "The connector has no such option.",
        "options: { assignmentRul: none }", "options: { assignmentRule: none }")]
    public static Diagnostic UnknownOption(SourceSpan span, string connection, string name, IReadOnlyCollection<string> known) => Family.Make(
        span,
        $"Steps on '{connection}' have no option '{name}'.",
        DiagnosticFamily.Known(name, known, "Options"),
        DiagnosticFamily.Rename(span, name, known));

    [DiagnosticCode("WF2141", "A time zone that does not exist.",
        "timeZone: America/Denwer", "timeZone: America/Denver")]
    public static Diagnostic UnknownTimeZone(SourceSpan span, string text, IEnumerable<string> known) => Family.Make(
        span, $"There is no time zone '{Short(text)}'.", Suggestions.DidYouMean(text, known) ?? "For example: America/Denver", DiagnosticFamily.Rename(span, text, known));

    [DiagnosticCode("WF2142", "A schedule that is no cron expression.",
        "schedule: '0 25 * * *'", "schedule: '0 2 * * *'")]
    public static Diagnostic BadCron(SourceSpan span, string text, string why) => Family.Make(
        span, $"'{Short(text)}' is no schedule: {why.TrimEnd('.')}.", "Minute, hour, day of the month, month, day of the week; for example: '0 2 * * 1-5'");

    private static string Short(string text) => text.Length <= 60 ? text : text[..57] + "…";
}
