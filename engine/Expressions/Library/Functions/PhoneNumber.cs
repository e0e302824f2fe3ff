using PhoneNumbers;

namespace WorkflowEngine.Expressions.Library;

internal static class PhoneNumber
{
    private const int LongestText = 60;

    private static readonly PhoneNumberUtil Util = PhoneNumberUtil.GetInstance();

    /// <summary>E.164 when the number is a possible one; an extension is left out.</summary>
    public static string? Normalize(string? text, string? country)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > LongestText)
        {
            return null;
        }

        try
        {
            var number = Util.Parse(text, Region(country));
            return Util.IsPossibleNumber(number) ? Util.Format(number, PhoneNumberFormat.E164) : null;
        }
        catch (NumberParseException)
        {
            return null;
        }
    }

    private static string? Region(string? country) => country?.Trim().ToUpperInvariant() switch
    {
        null or "" => null,
        "USA" or "UNITED STATES" => "US",
        "CAN" or "CANADA" => "CA",
        { Length: 2 } code => code,
        _ => null,
    };
}
