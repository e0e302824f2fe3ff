using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.FlowTesting;

/// <summary>
/// Takes people out of records and leaves what flows go by: equal stays equal, in any system and spelling, word by word. Ids, choices, numbers and days stay as they are.
/// </summary>
/// <param name="ids">Ids of records.</param>
/// <param name="flows">The text of the flows: what stands there as a value says nothing about a person, and the flow goes by it.</param>
internal sealed partial class Redactor(IReadOnlySet<string> ids, string flows)
{
    private readonly Dictionary<string, string> _words = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _mails = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _phones = new(StringComparer.Ordinal);
    private int _numbers;

    /// <summary>A value of this type without anything about a person.</summary>
    public JsonNode? Of(JsonNode? value, FieldType? type) => value switch
    {
        null => null,
        JsonArray list => new JsonArray([.. list.Select(i => Of(i, type?.Item))]),
        JsonObject part => Part(part, type),
        JsonValue text when text.TryGetValue<string>(out var words) && IsText(type) => JsonValue.Create(Text(words)),
        _ => value.DeepClone(),
    };

    /// <summary>A text without anything about a person.</summary>
    public string Text(string text)
    {
        if (text.Length == 0 || ids.Contains(text) || IsOfFlow(text)) return text;
        // A key is made of ids and of words of the flow: it must stay what the flow computes. Its other parts are told as they are told elsewhere.
        if (text.Contains('/', StringComparison.Ordinal) && text.Split('/') is var parts && parts.Any(ids.Contains))
        {
            return string.Join('/', parts.Select(p => flows.Contains("/" + p, StringComparison.Ordinal) || flows.Contains(p + "/", StringComparison.Ordinal) ? p : Text(p)));
        }

        if (Mail().IsMatch(text)) return Mail().Replace(text, m => Known(_mails, m.Value, n => $"person{n}@example.com"));
        var digits = string.Concat(text.Where(char.IsAsciiDigit));
        if (digits.Length is >= 10 and <= 15 && text.All(c => char.IsAsciiDigit(c) || " ()+-./".Contains(c, StringComparison.Ordinal)))
        {
            return Known(_phones, digits[^10..], n => string.Create(CultureInfo.InvariantCulture, $"+1208555{n % 10_000:0000}"));
        }

        var told = new StringBuilder();
        foreach (Match word in Word().Matches(text)) told.Append(One(word.Value));
        return told.ToString();
    }

    /// <summary>What is an object: lines of contacts say by their type what their value is, so all their texts are texts.</summary>
    private JsonObject Part(JsonObject part, FieldType? type)
    {
        var told = new JsonObject();
        foreach (var (name, value) in part) told[name] = Of(value, type?.Fields?.FirstOrDefault(f => f.Name == name)?.Type);
        return told;
    }

    /// <summary>Codes of states and countries say nothing about a person, and flows go by them.</summary>
    private string One(string word)
    {
        if (!char.IsLetterOrDigit(word[0]) || (word.Length <= 3 && word.All(char.IsAsciiLetterUpper))) return word;
        if (word.All(char.IsAsciiDigit)) return Known(_words, word, _ => Digits(word.Length));
        return Known(_words, word, n => "Word" + Letters(n));
    }

    private string Digits(int length)
    {
        var number = (++_numbers).ToString(CultureInfo.InvariantCulture);
        return number.Length >= length ? number[^length..] : "9" + number.PadLeft(length - 1, '0');
    }

    /// <summary>Names hold no digits: a name with one would not be split as a name.</summary>
    private static string Letters(int number)
    {
        var text = "";
        for (; number > 0; number = (number - 1) / 26) text = (char)('a' + ((number - 1) % 26)) + text;
        return text;
    }

    private static string Known(Dictionary<string, string> known, string value, Func<int, string> make)
    {
        if (!known.TryGetValue(value, out var told)) known[value] = told = make(known.Count + 1);
        return told;
    }

    private bool IsOfFlow(string text)
    {
        if (text.Length is < 2 or > 60 || text.Any(char.IsAsciiDigit)) return false;
        for (var at = flows.IndexOf(text, StringComparison.Ordinal); at >= 0; at = flows.IndexOf(text, at + 1, StringComparison.Ordinal))
        {
            var (before, after) = (at == 0 ? ' ' : flows[at - 1], at + text.Length == flows.Length ? ' ' : flows[at + text.Length]);
            if ((before is '"' or '\'' && after == before) || (before == ' ' && at > 1 && ":[,".Contains(flows[at - 2], StringComparison.Ordinal) && after is '\n' or ',' or ' ' or ']' or '}')) return true;
        }

        return false;
    }

    private static bool IsText(FieldType? type) => type?.Kind is null or FieldKind.Text or FieldKind.LongText or FieldKind.Url or FieldKind.Email or FieldKind.Phone;

    [GeneratedRegex(@"[^\s@<>,;]+@[^\s@<>,;]+", RegexOptions.None, 1000)]
    private static partial Regex Mail();

    [GeneratedRegex(@"\p{L}+|\d+|[^\p{L}\d]+", RegexOptions.None, 1000)]
    private static partial Regex Word();
}
