using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Diagnostics;

/// <summary>WF41xx: keys, match rules and what keeps a record from being made twice. One method per code.</summary>
internal static class MatchDiagnostics
{
    public static readonly DiagnosticFamily Family = new(typeof(MatchDiagnostics));

    [DiagnosticCode("WF4102", "A match rule names a field whose value the step does not give.",
        "match: [[Phone]]\nset: { Name: =input.name }", "match: [[Phone]]\nset: { Name: =input.name, Phone: =input.phone }")]
    public static Diagnostic FieldNotSet(SourceSpan span, string field) => Family.Make(
        span, $"The rule needs a value for '{field}', which this step does not set.", $"Add it to 'set' or 'setOnCreate', or compare without writing: {{ {field}: =… }}");

    [DiagnosticCode("WF4103", "The records a step makes carry no key that the vendor can be asked for: after a lost answer nobody can tell whether the record is there.",
        "match: [{ contacts.value: =person.email }]", "match: [[external.sfAccountId], { contacts.value: =person.email }]")]
    public static Diagnostic CreateWithoutKey(SourceSpan span, string entity) => Family.Make(
        span,
        $"A new record of {entity} would carry no key: none of the rules consists of fields that are written.",
        "Add a rule of a field that 'set' writes, best an external id; or say options: { duplicates: accept }.");

    [DiagnosticCode("WF4104", "A record is created without a key that the vendor can be asked for.",
        "create: salesforce/Task", "create: salesforce/Task\nonce: { ServiceTitan_Event_Key__c: =job.id }")]
    public static Diagnostic OnceMissing(SourceSpan span, string what) => Family.Make(
        span, $"{what} needs 'once': the field that carries its key.", "After a lost answer the vendor is asked for it. If twice does no harm: options: { duplicates: accept }");

    [DiagnosticCode("WF4105", "'once' names more or less than one field.",
        "once: { A__c: =input.id, B__c: =input.no }", "once: { A__c: '=`${input.id}/${input.no}`' }")]
    public static Diagnostic OnceShape(SourceSpan span) => Family.Make(
        span, "'once' names exactly one field, with its key.", "For example: once: { ServiceTitan_Event_Key__c: =input.id }");

    [DiagnosticCode("WF4106", "'onOwned' stands on an upsert whose records belong to nobody.",
        "match: [{ id: =input.id }]\nonOwned: create", "match: [[ServiceTitan_Customer_Id__c]]\nonOwned: create", Severity = DiagnosticSeverity.Warning)]
    public static Diagnostic NothingOwned(SourceSpan span) => Family.Make(
        span, "'onOwned' has no effect: a record belongs to a key only where the first rule is a field that 'set' writes.", "Remove it, or put the key's rule first.");

    [DiagnosticCode("WF4107", "Two rules of one 'match' are the same.",
        "match: [[Email], [Email]]", "match: [[Email]]", Severity = DiagnosticSeverity.Warning)]
    public static Diagnostic SameRule(SourceSpan span, string rule) => Family.Make(
        span, $"There is a rule '{rule}' already.", "Remove one of the two.");

    [DiagnosticCode("WF4108", "'setOnUpdate' changes the key by which the record was found.",
        "match: [[Key__c]]\nset: { Key__c: =input.id }\nsetOnUpdate: { Key__c: =input.other }", "match: [[Key__c]]\nset: { Key__c: =input.id }")]
    public static Diagnostic KeyChangedOnUpdate(SourceSpan span, string field) => Family.Make(
        span, $"'{field}' is the key of this record; changing it on update would make it another's.", "Remove the line.");

    [DiagnosticCode("WF4109", "The key is written only when a record is made, so that a record found by another rule never gets it.",
        "match: [[Key__c], [Email]]\nsetOnCreate: { Key__c: =input.id }", "match: [[Key__c], [Email]]\nset: { Key__c: =input.id }", Severity = DiagnosticSeverity.Warning)]
    public static Diagnostic KeyOnCreateOnly(SourceSpan span, string field) => Family.Make(
        span, $"The key '{field}' stands in setOnCreate: a record that a later rule finds never gets it.", "Move the line to 'set'.");

    [DiagnosticCode("WF4112", "'once' of a call names what does not carry the key of what is done.",
        "call: servicetitan/membership.sell\nonce: { customerId: =input.id }", "call: servicetitan/membership.sell\nonce: { key: '=`${input.id}/gold`' }")]
    public static Diagnostic OnceUnknown(SourceSpan span, string name, string operation, IReadOnlyCollection<string> inputs) => Family.Make(
        span,
        $"By '{name}' nobody can tell whether {operation} was done.",
        (inputs.Count == 0 ? "" : $"What it makes is found by: {string.Join(", ", inputs)}. ") + "A key that the engine remembers by itself: once: { key: =… }.");

    [DiagnosticCode("WF4113", "'onDeleted' stands on an entity whose deleted records the vendor does not show.",
        "upsert: servicetitan/customer\nonDeleted: skip", "upsert: salesforce/Contact\nonDeleted: skip")]
    public static Diagnostic NotRestorable(SourceSpan span, string entity, IReadOnlyCollection<string> restorable) => Family.Make(
        span,
        $"Nobody can be asked for deleted records of {entity}.",
        restorable.Count == 0 ? "Remove it: this system deletes no records through its API; what is inactive is found by the rules." : $"Remove it; it goes with: {string.Join(", ", restorable)}.");

    [DiagnosticCode("WF4114", "'onDeleted' stands on an upsert whose first rule is no key that the step writes.",
        "match: [{ Email: =input.email }]\nonDeleted: skip", "match: [[Key__c], [Email]]\nonDeleted: skip")]
    public static Diagnostic NoKeyOfDeleted(SourceSpan span) => Family.Make(
        span, "The first rule is no key: nobody can tell which deleted record is meant.", "Begin 'match' with a rule of fields that 'set' writes, best an external id.");

    [DiagnosticCode("WF4110", "The field of 'once' is set again.",
        "once: { Key__c: =input.id }\nset: { Key__c: =input.no }", "once: { Key__c: =input.id }")]
    public static Diagnostic OnceSetTwice(SourceSpan span, string field) => Family.Make(
        span, $"'once' writes '{field}' already.", "Remove this line.");
}
