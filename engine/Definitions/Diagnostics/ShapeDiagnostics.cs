namespace WorkflowEngine.Definitions;

/// <summary>WF1100–WF1199, the shape of what was read: keys, words and forms of values. One method per code.</summary>
internal static class ShapeDiagnostics
{
    public static Diagnostic UnknownKey(SourceSpan span, string key, string what, IReadOnlyCollection<string> allowed)
    {
        var best = Suggestions.Best(key, allowed);
        return Error(
            "WF1100",
            span,
            $"{what} has no key '{key}'.",
            Join(Suggestions.DidYouMean(key, allowed), $"Allowed here: {string.Join(", ", allowed.Order(StringComparer.Ordinal))}."),
            best is null ? null : new DiagnosticFix($"Write '{best}'", [new TextEdit(span.Offset, span.Length, best)]));
    }

    public static Diagnostic MissingKey(SourceSpan span, string what, string key, string example) =>
        Error("WF1101", span, $"{what} needs the key '{key}'.", $"For example: {example}");

    public static Diagnostic WrongShape(SourceSpan span, string expected, string found, string example) =>
        Error("WF1102", span, $"Expected {expected}, found {found}.", $"For example: {example}");

    public static Diagnostic UnknownWord(SourceSpan span, string key, string word, IReadOnlyCollection<string> allowed) =>
        Error("WF1103", span, $"'{key}' cannot be '{word}'.", Join(Suggestions.DidYouMean(word, allowed), $"Allowed here: {string.Join(", ", allowed)}."));

    public static Diagnostic ForgottenEquals(SourceSpan span, string key, string text) =>
        Error(
            "WF1104",
            span,
            $"'{key}' takes an expression or true or false; '{text}' is text.",
            $"An expression begins with =, for example: {key}: =input.active");

    public static Diagnostic BadDuration(SourceSpan span, string key, string text) =>
        Error("WF1105", span, $"'{key}' needs a duration; '{text}' is none.", $"Whole numbers with w, d, h, m, s or ms, for example: {key}: 1h30m");

    public static Diagnostic BadInteger(SourceSpan span, string key, string text, long least, long most) =>
        Error("WF1106", span, $"'{key}' needs a whole number from {least} to {most}; found '{text}'.", $"For example: {key}: {Math.Max(least, 1)}");

    public static Diagnostic BadName(SourceSpan span, string what, string text) =>
        Error("WF1107", span, $"'{text}' cannot be {what}: expressions must be able to name it.", "Letters, digits and _, not beginning with a digit, for example: openJob");

    public static Diagnostic BadFileName(SourceSpan span, string what, string text) =>
        Error("WF1108", span, $"'{text}' cannot be {what}.", "Small letters, digits and -, for example: customer-to-salesforce");

    public static Diagnostic BadReference(SourceSpan span, string text, string expected, string example) =>
        Error("WF1109", span, $"Expected {expected}, found '{text}'.", $"For example: {example}");

    public static Diagnostic UnknownType(SourceSpan span, string text, IReadOnlyCollection<string> known) =>
        Error(
            "WF1110",
            span,
            $"There is no type '{text}'.",
            Join(Synonym(text, known) ?? Suggestions.DidYouMean(text, known), $"Types: {string.Join(", ", known)}."));

    public static Diagnostic NoActivity(SourceSpan span, string? nearKey, IReadOnlyCollection<string> activities) =>
        Error(
            "WF1111",
            span,
            "This step does nothing: it has no activity.",
            Join(nearKey is null ? null : Suggestions.DidYouMean(nearKey, activities), $"One of: {string.Join(", ", activities)}."));

    public static Diagnostic SeveralActivities(SourceSpan span, string first, string second) =>
        Error("WF1112", span, $"A step has one activity; this one has '{first}' and '{second}'.", "Make two steps of it.");

    public static Diagnostic UnknownOperator(SourceSpan span, string text, IReadOnlyCollection<string> known) =>
        Error("WF1113", span, $"'{text}' is no comparison.", Join(Suggestions.DidYouMean(text, known), $"Comparisons: {string.Join(", ", known)}."));

    public static Diagnostic NoTriggerKind(SourceSpan span, string? nearKey, IReadOnlyCollection<string> kinds) =>
        Error(
            "WF1114",
            span,
            "This trigger does not say what it waits for.",
            Join(nearKey is null ? null : Suggestions.DidYouMean(nearKey, kinds), "One of: on (a record changes), schedule, webhook, manual."));

    public static Diagnostic SeveralTriggerKinds(SourceSpan span, string first, string second) =>
        Error("WF1115", span, $"A trigger is of one kind; this one has '{first}' and '{second}'.", "Write 'trigger:' as a list of two, each with an id.");

    public static Diagnostic TriggerWithoutId(SourceSpan span) =>
        Error("WF1116", span, "Each trigger of a list needs an id.", "For example: - id: changed");

    public static Diagnostic SecretWritten(SourceSpan span, string name) =>
        Error("WF1117", span, $"The secret '{name}' must not stand in a file.", $"Name an environment variable instead: {name}: {{ env: MY_SECRET }}") with { HidesSource = true };

    public static Diagnostic EmptyExpression(SourceSpan span) =>
        Error("WF1118", span, "There is no expression after the =.", "For a text that is just an equals sign write { literal: \"=\" }.");

    public static Diagnostic ExpressionNotAllowed(SourceSpan span, string key) =>
        Error("WF1119", span, $"'{key}' cannot be an expression: it is read before anything runs.", "Write the value itself.");

    public static Diagnostic Exclusive(SourceSpan span, string first, string second) =>
        Error("WF1120", span, $"'{first}' and '{second}' exclude each other.", "Remove one of the two.");

    public static Diagnostic UnknownDocument(SourceSpan span, IReadOnlyCollection<string> kinds) =>
        Error("WF1121", span, "It cannot be told what this file is.", $"Its first key says it: {string.Join(", ", kinds)}.");

    public static Diagnostic WrongDocument(SourceSpan span, string expected, string found) =>
        Error("WF1122", span, $"Expected {expected}, but this is {found}.", null);

    public static Diagnostic DuplicateName(SourceSpan span, string what, string name, LinePosition first) =>
        Error("WF1123", span, $"There is {what} '{name}' already, on line {first.Line}.", "Give it another name.");

    public static Diagnostic ExpressionNeeded(SourceSpan span, string key, string example) =>
        Error("WF1124", span, $"'{key}' needs an expression.", $"An expression begins with =, for example: {example}");

    public static Diagnostic OtherwiseNotLast(SourceSpan span) =>
        Error("WF1125", span, "'otherwise' is the last case of a branch.", "Move it below the cases, or remove what follows it.");

    // Names of types in other languages.
    private static string? Synonym(string text, IReadOnlyCollection<string> known)
    {
        string[] meant = text.ToLowerInvariant() switch
        {
            "string" or "str" or "varchar" => ["text"],
            "int" or "long" or "int32" or "int64" => ["integer"],
            "float" or "double" or "numeric" => ["number"],
            "money" => ["decimal", "currency"],
            "bool" or "checkbox" => ["boolean"],
            "datetime" or "timestamp" => ["instant"],
            "enum" => ["choice", "picklist"],
            "array" => ["list"],
            "textarea" => ["longText"],
            "lookup" => ["reference"],
            _ => [],
        };
        return meant.FirstOrDefault(known.Contains) is { } best ? $"Did you mean '{best}'?" : null;
    }

    private static string Join(string? first, string second) => first is null ? second : $"{first} {second}";

    private static Diagnostic Error(string code, SourceSpan span, string message, string? hint, DiagnosticFix? fix = null) =>
        new(code, DiagnosticSeverity.Error, span, message, hint, fix);
}
