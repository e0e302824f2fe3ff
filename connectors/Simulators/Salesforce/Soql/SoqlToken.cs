namespace WorkflowEngine.Simulators.Salesforce.Soql;

internal enum TokenKind
{
    Name,
    Text,
    Literal,
    Symbol,
    End,
}

/// <summary>One token; <see cref="Raw"/> keeps a text with its escapes, which LIKE reads differently.</summary>
internal readonly record struct SoqlToken(TokenKind Kind, string Raw, int At)
{
    public bool Is(string word) => (Kind is TokenKind.Name or TokenKind.Symbol) && Raw.Equals(word, StringComparison.OrdinalIgnoreCase);
}
