using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Diagnostics;

/// <summary>WF40xx: rules of steps, of their order and of their conditions. One method per code.</summary>
internal static class FlowDiagnostics
{
    public static readonly DiagnosticFamily Family = new(typeof(FlowDiagnostics));

    [DiagnosticCode("WF4001", "Two steps have the same id. Only sibling cases of a branch, of which one runs at most, may share an id.",
        "- id: account\n  …\n- id: account\n  …", "- id: account\n  …\n- id: parent\n  …")]
    public static Diagnostic DuplicateStep(SourceSpan span, string name, int line) => Family.Make(
        span, $"There is a step '{name}' already, on line {line}.", "Give it another id, and read it by that.");

    [DiagnosticCode("WF4002", "The item of a loop is called like something that can be read there already.",
        "forEach: =lines\nas: account", "forEach: =lines\nas: line")]
    public static Diagnostic NameTaken(SourceSpan span, string name) => Family.Make(
        span, $"'{name}' is the name of something else in this flow.", "Give the item another name.");

    [DiagnosticCode("WF4003", "A step stands behind one that always ends the run or the item.",
        "- stop: Done\n- update: …", "- stop: Done\n  if: =…\n- update: …")]
    public static Diagnostic NeverReached(SourceSpan span) => Family.Make(
        span, "This step is never reached: a step before it always ends.", "Give the step before an 'if', or remove this one.");

    [DiagnosticCode("WF4004", "Two cases of one branch have the same name.",
        "- case: merged\n- case: merged", "- case: merged\n- case: inactive")]
    public static Diagnostic DuplicateCase(SourceSpan span, string name) => Family.Make(
        span, $"This branch has a case '{name}' already.", "The branch gives the name of its case: use another one.");

    [DiagnosticCode("WF4005", "'next' stands outside of a loop.",
        "steps: [{ next: Nothing to do }]", "steps: [{ stop: Nothing to do }]")]
    public static Diagnostic NextOutsideLoop(SourceSpan span) => Family.Make(
        span, "'next' ends an item of a forEach; here is none.", "'stop' ends the run.");

    [DiagnosticCode("WF4006", "A condition is always true or always false.",
        "if: =true || input.active", "if: =input.active", Severity = DiagnosticSeverity.Warning)]
    public static Diagnostic ConstantCondition(SourceSpan span, bool value) => Family.Make(
        span, $"This condition is always {(value ? "true" : "false")}.", "Remove it, or compare something.");

    [DiagnosticCode("WF4007", "A text looks like an expression without its =.",
        "set: { Name: input.name }", "set: { Name: =input.name }", Severity = DiagnosticSeverity.Warning)]
    public static Diagnostic ForgottenEquals(SourceSpan span, string text) => Family.Make(
        span,
        "This is the text itself, not the value it names: an expression begins with =.",
        $"Write ={text}",
        span.Text == text ? new DiagnosticFix($"Write '={text}'", [new TextEdit(span.Offset, 0, "=")]) : null);

    [DiagnosticCode("WF4008", "'forEach' or 'each' is given something that is no list.",
        "forEach: =input.name", "forEach: =input.lines")]
    public static Diagnostic NotAList(SourceSpan span, string activity, string type) => Family.Make(
        span, $"'{activity}' runs over a list, but this is {type}.", "One value becomes a list in brackets: =[…]");

    [DiagnosticCode("WF4009", "The numbers of a 'retry' do not make sense together.",
        "retry: { first: 2h, most: 1h }", "retry: { first: 30s, most: 1h }")]
    public static Diagnostic RetryShape(SourceSpan span, string what) => Family.Make(
        span, what + ".", "The default: retry: { attempts: 8, first: 30s, most: 1h }");

    [DiagnosticCode("WF4010", "A 'timeout' is not longer than nothing, or longer than 10 minutes.",
        "timeout: 2h", "timeout: 60s")]
    public static Diagnostic TimeoutShape(SourceSpan span) => Family.Make(
        span, "A call may take from 1 ms to 10 minutes.", "The default: timeout: 30s");

    [DiagnosticCode("WF4012", "'where' compares with null, which finds nothing.",
        "where: { ParentId: null }", "where: { ParentId: { is: null } }")]
    public static Diagnostic NullInWhere(SourceSpan span, string field) => Family.Make(
        span, "A comparison with null finds nothing.", $"Blanks are asked for by {field}: {{ is: null }}, the others by {{ not: null }}.");

    [DiagnosticCode("WF4013", "A comparison does not go with the field's type.",
        "where: { Active__c: { gt: true } }", "where: { Active__c: true }")]
    public static Diagnostic UnfitComparison(SourceSpan span, string comparison, string field, string type) => Family.Make(
        span, $"'{comparison}' cannot compare {field}, which is {type}.", "Use a plain value, a list, or { not: … }.");

    [DiagnosticCode("WF4014", "A step says 'all: true' though it names one record.",
        "record: =account.id\nall: true", "where: { ParentId: =account.id }\nall: true")]
    public static Diagnostic AllOfOne(SourceSpan span) => Family.Make(
        span, "'all' goes with 'where'; 'record' names one record.", "Remove 'all'.");

    [DiagnosticCode("WF4015", "A step that writes has nothing to write.",
        "create: salesforce/Task\nonce: { Key__c: =input.id }", "create: salesforce/Task\nonce: { Key__c: =input.id }\nset: { Subject: Call back }")]
    public static Diagnostic NothingToWrite(SourceSpan span, string activity) => Family.Make(
        span, $"This '{activity}' writes no field.", "For example: set: { Name: =input.name }");

    [DiagnosticCode("WF4016", "The values of a 'map' without an id cannot be read.",
        "- map: { phone: =input.phone }", "- id: person\n  map: { phone: =input.phone }", Severity = DiagnosticSeverity.Warning)]
    public static Diagnostic MapWithoutId(SourceSpan span) => Family.Make(
        span, "Nobody can read the values of this map: the step has no id.", "For example: - id: person");

    [DiagnosticCode("WF4017", "A line of 'set' is replaced by one of 'setOnCreate' or 'setOnUpdate' in every case.",
        "set: { Status: New }\nsetOnCreate: { Status: New }\nsetOnUpdate: { Status: Open }", "setOnCreate: { Status: New }\nsetOnUpdate: { Status: Open }", Severity = DiagnosticSeverity.Warning)]
    public static Diagnostic LineWithoutEffect(SourceSpan span, string field) => Family.Make(
        span, $"This line never counts: '{field}' stands in both setOnCreate and setOnUpdate.", "Remove it.");

    [DiagnosticCode("WF4020", "'onError' names a kind of error that there is not.",
        "onError: [{ kind: reject, then: stop }]", "onError: [{ kind: rejected, then: stop }]")]
    public static Diagnostic UnknownErrorKind(SourceSpan span, string name, IReadOnlyCollection<string> known) => Family.Make(
        span,
        $"There is no error kind '{name}'.",
        DiagnosticFamily.Known(name, known, "Kinds"),
        DiagnosticFamily.Rename(span, name, known));

    [DiagnosticCode("WF4021", "A case of 'onError' stands behind one that takes every error.",
        "onError: [{ then: stop }, { kind: rejected, then: continue }]", "onError: [{ kind: rejected, then: continue }, { then: stop }]")]
    public static Diagnostic ErrorCaseNeverReached(SourceSpan span) => Family.Make(
        span, "This case is never reached: the one before takes every error.", "Put the case without kind and code last.");

    [DiagnosticCode("WF4022", "'again' changes lines that the step does not have.",
        "lookup: …\nonError: [{ again: { set: { Name: x } } }]", "upsert: …\nonError: [{ again: { set: { Name: x } } }]")]
    public static Diagnostic AgainUnfit(SourceSpan span, string activity, string block) => Family.Make(
        span, $"A step with '{activity}' has no '{block}' to change.", "'again' can change what the step itself has.");

    [DiagnosticCode("WF4023", "A case of 'onError' does nothing that would not happen without it.",
        "onError: [{ kind: rejected }]", "onError: [{ kind: rejected, then: continue }]")]
    public static Diagnostic ErrorCaseEmpty(SourceSpan span) => Family.Make(
        span, "This case changes nothing: an error fails the run anyway.", "Say what follows: do, again, or then: stop or continue.");

    [DiagnosticCode("WF4030", "A long 'wait' holds its key: everything else of that key waits as long.",
        "- wait: 3d", "- wait: 3d\n  releaseKey: true", Severity = DiagnosticSeverity.Warning)]
    public static Diagnostic WaitHoldsKey(SourceSpan span) => Family.Make(
        span, "While this step waits, no other event of the same key is handled.", "Say releaseKey: true, or start a flow at that time: start: … at: …");

    [DiagnosticCode("WF4031", "'sum', 'min' or 'max' of a field that cannot be added or compared.",
        "sum: { total: Name }", "sum: { total: Amount }")]
    public static Diagnostic NotSummable(SourceSpan span, string function, string field, string type) => Family.Make(
        span, $"'{function}' cannot take {field}, which is {type}.", function == "sum" ? "It adds numbers." : "It compares numbers, dates and instants.");

    [DiagnosticCode("WF4032", "'concurrency' of a loop is an upper bound that has no effect: its items run one after the other.",
        "forEach: =lines\nconcurrency: 5\ndo: …", "forEach: =lines\ndo: …", Severity = DiagnosticSeverity.Warning)]
    public static Diagnostic OneAtATime(SourceSpan span) => Family.Make(
        span, "The items of a loop run one after the other, whatever 'concurrency' allows.", "What is to run beside each other is handed over: start: … with a key for each item.");

    [DiagnosticCode("WF4033", "Flows call each other in a circle.",
        "flow: a → flow: b → flow: a", "flow: a → flow: b")]
    public static Diagnostic Cycle(SourceSpan span, IReadOnlyCollection<string> path) => Family.Make(
        span, $"The flows call each other without end: {string.Join(" → ", path)}.", "Start one of them later ('start' with 'at'), or take the common steps out.");
}
