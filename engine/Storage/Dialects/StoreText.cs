namespace WorkflowEngine.Storage;

/// <summary>Text that every database takes: PostgreSQL refuses the zero character and half surrogates, which hostile input contains.</summary>
public static class StoreText
{
    private const char Replacement = '\uFFFD';

    public static string Clean(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0') return Rewrite(text);
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])) i++;
            else return Rewrite(text);
        }

        return text;
    }

    private static string Rewrite(string text) => string.Create(text.Length, text, static (span, from) =>
    {
        for (var i = 0; i < from.Length; i++)
        {
            if (i + 1 < from.Length && char.IsSurrogatePair(from[i], from[i + 1]))
            {
                span[i] = from[i];
                span[i + 1] = from[++i];
            }
            else
            {
                span[i] = from[i] == '\0' || char.IsSurrogate(from[i]) ? Replacement : from[i];
            }
        }
    });
}
