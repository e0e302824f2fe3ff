namespace WorkflowEngine.Expressions.Library;

/// <summary>The plain functions of the library by their full name; arguments and results are of the closed set of values.</summary>
internal static class LibraryFunctions
{
    public static IReadOnlyDictionary<string, Func<object?[], object?>> All { get; } = new Dictionary<string, Func<object?[], object?>>
    {
        ["normalize.email"] = a => EmailAddress.Normalize(a[0] as string),
        ["normalize.phone"] = a => PhoneNumber.Normalize(Text(a[0]), a[1] as string),
        ["split.personName"] = a => PersonName.Split(Text(a[0])).ToRecord(),

        ["date.of"] = a => DateFunctions.Of(a[0]!, a[1] as string),
        ["date.at"] = a => DateFunctions.At(a[0]!, Text(a[1])!, Text(a[2])!),
        ["date.instant"] = a => DateFunctions.Instant(a[0]!),
        ["date.add"] = a => DateFunctions.Add(a[0]!, a[1]!),
        ["date.before"] = a => a[0] is not null && a[1] is not null && DateFunctions.Compare(a[0]!, a[1]!) < 0,
        ["date.after"] = a => a[0] is not null && a[1] is not null && DateFunctions.Compare(a[0]!, a[1]!) > 0,
        ["date.same"] = a => a[0] is null || a[1] is null ? a[0] is null && a[1] is null : DateFunctions.Compare(a[0]!, a[1]!) == 0,
        ["date.days"] = a => DateFunctions.Days(a[0]!, a[1]!),
        ["date.text"] = a => DateFunctions.Text(a[0]!),

        ["money.of"] = a => Money.Of(a[0], "money.of"),
        ["money.add"] = a => Money.Of(a[0], "money.add") + Money.Of(a[1], "money.add"),
        ["money.subtract"] = a => Money.Of(a[0], "money.subtract") - Money.Of(a[1], "money.subtract"),
        ["money.multiply"] = a => Money.Of(a[0], "money.multiply") * Money.Of(a[1], "money.multiply"),
        ["money.divide"] = a => Money.Of(a[0], "money.divide") / Money.Of(a[1], "money.divide"),
        ["money.compare"] = a => (long)Money.Of(a[0], "money.compare").CompareTo(Money.Of(a[1], "money.compare")),
        ["money.sum"] = a => Money.Sum(a[0]),
        ["money.round"] = a => Money.Round(Money.Of(a[0], "money.round"), a[1]),
        ["money.abs"] = a => Math.Abs(Money.Of(a[0], "money.abs")),
        ["money.min"] = a => Math.Min(Money.Of(a[0], "money.min"), Money.Of(a[1], "money.min")),
        ["money.max"] = a => Math.Max(Money.Of(a[0], "money.max"), Money.Of(a[1], "money.max")),
        ["money.text"] = a => Money.Text(a[0]),

        ["text.of"] = a => TextFunctions.Of(a[0]!),
        ["text.truncate"] = a => TextFunctions.Truncate(Text(a[0])!, a[1]),
        ["text.stripHtml"] = a => Html.Strip(Text(a[0])!),
        ["text.escapeHtml"] = a => Html.Escape(Text(a[0])!),
        ["text.trim"] = a => Text(a[0])!.Trim(),
        ["text.oneLine"] = a => TextFunctions.OneLine(Text(a[0])!),
        ["text.upper"] = a => Text(a[0])!.ToUpperInvariant(),
        ["text.lower"] = a => Text(a[0])!.ToLowerInvariant(),
        ["text.digits"] = a => string.Concat(Text(a[0])!.Where(char.IsAsciiDigit)),
        ["text.isBlank"] = a => string.IsNullOrWhiteSpace(Text(a[0])),
        ["text.orNull"] = a => Text(a[0])?.Trim() is { Length: > 0 } text ? text : null,
    };

    private static string? Text(object? value) => value switch
    {
        null => null,
        string s => s,
        _ => throw Execution.ExpressionFault.Wrong("Text is needed here."),
    };
}
