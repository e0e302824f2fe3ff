using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Checks;

/// <summary>A literal fits the type of its place: kind, length, digits, allowed values.</summary>
internal static class LiteralCheck
{
    public static void Check(LiteralValue literal, FieldType type, string place, DiagnosticBag problems)
    {
        switch (type.Kind)
        {
            case FieldKind.Text or FieldKind.LongText or FieldKind.Url or FieldKind.Email or FieldKind.Phone or FieldKind.Choice or FieldKind.Id
                when literal.Kind == LiteralKind.Boolean:
                problems.Add(FieldDiagnostics.LiteralType(literal.Span, place, FieldTypes.Describe(type), literal.Text, $"If the word is meant, quote it: \"{literal.Text}\""));
                break;
            case FieldKind.Choice when type is { OpenChoices: false, Choices: { Count: > 0 } choices } && !choices.Contains(literal.Text):
                problems.Add(FieldDiagnostics.NotAChoice(literal.Span, place, literal.Text, [.. choices]));
                break;
            case FieldKind.Text or FieldKind.LongText or FieldKind.Url or FieldKind.Email or FieldKind.Phone or FieldKind.Choice
                when type.Length is { } most && literal.Text.Length > most:
                problems.Add(FieldDiagnostics.TooLong(literal.Span, place, literal.Text.Length, most));
                break;
            case FieldKind.Integer:
                Number(literal, literal.Kind == LiteralKind.Number && LiteralText.IsInteger(literal.Text), type, place, problems);
                break;
            case FieldKind.Number:
                Number(literal, literal.Kind == LiteralKind.Number, type, place, problems);
                break;
            case FieldKind.Decimal:
                Number(literal, LiteralText.IsDecimal(literal.Text), type, place, problems);
                break;
            case FieldKind.Boolean when literal.Kind != LiteralKind.Boolean:
                Wrong("Write true or false, without quotes.");
                break;
            case FieldKind.Date when !LiteralText.IsDate(literal.Text):
                Wrong("A day is written 2026-03-01.");
                break;
            case FieldKind.Instant when !LiteralText.IsInstant(literal.Text):
                Wrong("An instant is written 2026-03-01T12:00:00Z.");
                break;
            case FieldKind.Duration when !DurationText.TryParse(literal.Text, out _):
                Wrong("A duration is written 1h30m.");
                break;
            case FieldKind.List or FieldKind.Object:
                problems.Add(FieldDiagnostics.WrongStructure(literal.Span, place, FieldTypes.Describe(type), "a single value"));
                break;
        }

        void Wrong(string hint) => problems.Add(FieldDiagnostics.LiteralType(literal.Span, place, Article(type), literal.Text, hint));
    }

    private static void Number(LiteralValue literal, bool fits, FieldType type, string place, DiagnosticBag problems)
    {
        if (!fits)
        {
            var hint = literal is { Kind: LiteralKind.Text, Quoted: true } && LiteralText.IsDecimal(literal.Text) ? "Write it without quotes." : null;
            problems.Add(FieldDiagnostics.LiteralType(literal.Span, place, Article(type), literal.Text, hint));
        }
        else if (type.Scale is { } scale && LiteralText.Scale(literal.Text) > scale)
        {
            problems.Add(FieldDiagnostics.TooFine(literal.Span, place, literal.Text, scale));
        }
    }

    private static string Article(FieldType type) => type.Kind switch
    {
        FieldKind.Integer => "a whole number",
        FieldKind.Number or FieldKind.Decimal => "a number",
        FieldKind.Boolean => "true or false",
        FieldKind.Date => "a date",
        FieldKind.Instant => "an instant",
        FieldKind.Duration => "a duration",
        _ => FieldTypes.Describe(type),
    };
}
