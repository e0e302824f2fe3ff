using PhoneNumbers;

namespace WorkflowEngine.Salesforce.Soql;

/// <summary>Phone fields hold what people typed. A number in E.164 is asked for in its usual spellings and compared by its digits.</summary>
internal static class PhoneSpellings
{
    private static readonly PhoneNumberUtil Numbers = PhoneNumberUtil.GetInstance();

    /// <summary>The spellings to ask for; the value itself comes first.</summary>
    public static IReadOnlyList<string> Of(string phone)
    {
        if (Parse(phone) is not { } number) return [phone];
        var (country, national, _) = number;
        var spellings = new List<string> { phone, "+" + country + national, country + national, national };
        if (country == "1" && national.Length == 10)
        {
            var (area, exchange, line) = (national[..3], national[3..6], national[6..]);
            foreach (var local in (ReadOnlySpan<string>)[$"({area}) {exchange}-{line}", $"{area}-{exchange}-{line}"])
            {
                spellings.Add(local);
                spellings.Add("+1 " + local);
                spellings.Add("1-" + local);
            }

            spellings.Add($"({area}){exchange}-{line}");
            spellings.Add($"{area}.{exchange}.{line}");
            spellings.Add($"{area} {exchange} {line}");
            spellings.Add($"+1 {area} {exchange} {line}");
            spellings.Add($"+1-{area}-{exchange}-{line}");
            spellings.Add($"1 ({area}) {exchange}-{line}");
        }
        else
        {
            var parsed = number.Parsed ?? Numbers.Parse(phone, null);
            var usual = Numbers.Format(parsed, PhoneNumberFormat.NATIONAL);
            spellings.Add(usual);
            spellings.Add(Numbers.Format(parsed, PhoneNumberFormat.INTERNATIONAL));
            spellings.Add("00" + country + national);
            // Most countries dial a 0 before a number of their own.
            if (usual.StartsWith('0')) spellings.Add("0" + national);
        }

        return [.. spellings.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>What a field that an org keeps normalised may hold for a number: E.164, or digits with or without the country.</summary>
    public static IEnumerable<object> Kept(string phone)
    {
        if (Parse(phone) is not { } number) return [phone];
        var (country, national, _) = number;
        return ["+" + country + national, country + national, national];
    }

    /// <summary>True when a field's text is the number asked for, however it is spelled.</summary>
    public static bool Same(string asked, string held)
    {
        if (asked == held) return true;
        if (Parse(asked) is not { } number) return string.Equals(asked, held, StringComparison.OrdinalIgnoreCase);
        var digits = Digits(held);
        if (digits.Length < 4) return false;
        var (country, national, _) = number;
        if (!digits.EndsWith(national, StringComparison.Ordinal)) return false;
        var before = digits[..^national.Length];
        return before.Length == 0 || before == country || before == "0" || before == "00" + country || before == "011" + country || before == country + "0";
    }

    private static Number? Parse(string phone)
    {
        // A number without its country could be anybody's: it is asked for as it stands.
        if (phone.Length is < 5 or > 40 || phone[0] != '+') return null;
        // The usual one needs no library: parsing and formatting were 2 % of all work of the six templates.
        if (phone.Length == 12 && phone[1] == '1' && phone[2] is >= '2' and <= '9' && phone.AsSpan(3).IndexOfAnyExceptInRange('0', '9') < 0) return new Number("1", phone[2..], null);
        try
        {
            var parsed = Numbers.Parse(phone, null);
            return Numbers.IsPossibleNumber(parsed)
                ? new Number(parsed.CountryCode.ToString(System.Globalization.CultureInfo.InvariantCulture), Numbers.GetNationalSignificantNumber(parsed), parsed) : null;
        }
        catch (NumberParseException)
        {
            return null;
        }
    }

    private static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));

    /// <summary>A number with its country; <c>Parsed</c> is null where the library was not asked.</summary>
    private readonly record struct Number(string Country, string National, PhoneNumber? Parsed);
}
