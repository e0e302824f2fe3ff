using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Diagnostics;

/// <summary>WF42xx: triggers, input and key. One method per code.</summary>
internal static class TriggerDiagnostics
{
    public static readonly DiagnosticFamily Family = new(typeof(TriggerDiagnostics));

    [DiagnosticCode("WF4201", "Several triggers deliver different things, and the flow does not say what its steps read.",
        "trigger: [{ id: a, on: servicetitan/job.completed }, { id: b, on: servicetitan/invoice.changed }]", "input: { jobId: Id<servicetitan/job> }")]
    public static Diagnostic InputMissing(SourceSpan span) => Family.Make(
        span, "The triggers of this flow deliver different records, so it must say what its steps read.", "Declare 'input:' and fill it in each trigger by 'with:'.");

    [DiagnosticCode("WF4202", "'on' names an entity but no event.",
        "on: servicetitan/customer", "on: servicetitan/customer.changed")]
    public static Diagnostic EventMissing(SourceSpan span, string entity, IReadOnlyCollection<string> events) => Family.Make(
        span, $"Which change of {entity} starts the flow?", events.Count == 0 ? "It has none; 'becomes' needs one as well." : $"{entity} has: {string.Join(", ", events.Select(e => "." + e))}; or add 'becomes: {{ … }}'.");

    [DiagnosticCode("WF4203", "'becomes' watches a state, so 'on' names the entity alone.",
        "on: salesforce/Opportunity.changed\nbecomes: { IsWon: true }", "on: salesforce/Opportunity\nbecomes: { IsWon: true }")]
    public static Diagnostic BecomesOfEvent(SourceSpan span) => Family.Make(
        span, "'becomes' watches a state of the record: 'on' names the entity without an event.", "Remove the event.");

    [DiagnosticCode("WF4204", "'sticky' stands on a trigger without a filter.",
        "on: servicetitan/job.changed\nsticky: true", "on: servicetitan/job.changed\nfilter: =trigger.total !== null\nsticky: true", Severity = DiagnosticSeverity.Warning)]
    public static Diagnostic StickyWithoutFilter(SourceSpan span) => Family.Make(
        span, "'sticky' has no effect: there is no filter that a key could have passed.", "Remove it, or add 'filter'.");

    [DiagnosticCode("WF4205", "A filter looks at a value that changes and that the flow writes: once it no longer passes, what was written is never corrected.",
        "filter: =trigger.rating <= 6", "filter: =trigger.rating <= 6\nsticky: true", Severity = DiagnosticSeverity.Warning)]
    public static Diagnostic StickyMissing(SourceSpan span, string field) => Family.Make(
        span,
        $"The flow writes '{field}', but a later change of it that no longer passes this filter is dropped: the record written stays wrong.",
        "Say 'sticky: true' (a key that passed once always passes), or 'sticky: false' if that is meant.");

    [DiagnosticCode("WF4206", "What 'onlyWhenChanged' is by default.",
        "on: servicetitan/customer.changed", "onlyWhenChanged: false", Severity = DiagnosticSeverity.Info)]
    public static Diagnostic OnlyWhenChanged(SourceSpan span, bool value, string why) => Family.Make(
        span, $"onlyWhenChanged is {(value ? "true" : "false")}: {why}.", null);

    [DiagnosticCode("WF4207", "A property of a trigger does not go with its kind.",
        "manual: true\nlatestOnly: true", "manual: true", Severity = DiagnosticSeverity.Warning)]
    public static Diagnostic UnfitProperty(SourceSpan span, string property, string kind) => Family.Make(
        span, $"'{property}' has no effect on a trigger of kind '{kind}': it has no record.", "Remove it.");

    [DiagnosticCode("WF4208", "'onlyWhenChanged: true' though the flow reads more of the source than the trigger's record.",
        "onlyWhenChanged: true", "onlyWhenChanged: false", Severity = DiagnosticSeverity.Warning)]
    public static Diagnostic ChangesMissed(SourceSpan span, string entity) => Family.Make(
        span, $"The steps also read {entity} of the source: a change there, with the record as before, is dropped.", "Say onlyWhenChanged: false, unless that is meant.");

    [DiagnosticCode("WF4209", "A webhook's payload is used without a declared input.",
        "trigger: { webhook: orders }", "input: { orderId: text }\ntrigger: { webhook: orders, with: { orderId: =trigger.id } }", Severity = DiagnosticSeverity.Warning)]
    public static Diagnostic UntypedWebhook(SourceSpan span) => Family.Make(
        span, "Nothing says what this webhook delivers, so reads of it cannot be checked.", "Declare 'input:' and fill it by 'with:'.");

    [DiagnosticCode("WF4211", "'after: drained' stands in a template of which no schedule drains anything.",
        "trigger: { schedule: '0 3 * * *', after: drained }",
        "trigger:\n  - { id: nightly, schedule: '0 2 * * *', for: servicetitan/invoice.changed, with: { invoiceId: =trigger.id } }\n  - { id: done, schedule: '0 3 * * *', after: drained, with: { invoiceId: null } }")]
    public static Diagnostic NothingDrained(SourceSpan span, string? wanted, IReadOnlyCollection<string> drained) => Family.Make(
        span,
        wanted is null ? "No schedule of this template drains anything that could be waited for." : $"No schedule of this template drains {wanted}.",
        drained.Count == 0 ? "A trigger with 'schedule' and 'for' drains the events it names; 'after: drained' ticks when they are settled." : $"Drained is: {string.Join(", ", drained)}. Without 'for' all of them are waited for.");

    [DiagnosticCode("WF4210", "'every' is shorter than the vendor should be asked.",
        "every: 10ms", "every: 60s")]
    public static Diagnostic TooOften(SourceSpan span) => Family.Make(
        span, "A source is asked at most every 100 ms.", "The default is 60s.");
}
