namespace WorkflowEngine.Definitions;

/// <summary>A number as JSON writes it, without an exponent: the only text outside quotes that is a number.</summary>
internal static class JsonNumber
{
    public static bool Is(string text)
    {
        var at = text[0] == '-' ? 1 : 0;
        var whole = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        if (at == whole || (text[whole] == '0' && at > whole + 1))
        {
            return false;
        }

        if (at == text.Length)
        {
            return true;
        }

        var fraction = text.AsSpan(at + 1);
        return text[at] == '.' && !fraction.IsEmpty && !fraction.ContainsAnyExceptInRange('0', '9');
    }
}
