namespace WorkflowEngine.Definitions;

/// <summary>What the org behind a connection must have.</summary>
public sealed record RequiredConnection(SourceSpan Span, Located<string> Connection, IReadOnlyList<RequiredEntity> Entities);

public sealed record RequiredEntity(SourceSpan Span, Located<string> Entity, IReadOnlyList<RequiredField> Fields);

/// <summary>A field with its type: text, longText, integer, number, currency, boolean, date, instant, picklist, reference, url, email or phone.</summary>
public sealed record RequiredField
{
    public required SourceSpan Span { get; init; }

    public required Located<string> Name { get; init; }

    public required Located<string> Type { get; init; }

    public Located<string>? Title { get; init; }

    public Located<long>? Length { get; init; }

    public Located<long>? Scale { get; init; }

    public Located<bool>? ExternalId { get; init; }

    public Located<bool>? Unique { get; init; }

    /// <summary>The entity a reference points to.</summary>
    public Located<string>? To { get; init; }

    /// <summary>Values a picklist must have.</summary>
    public IReadOnlyList<Located<string>> Values { get; init; } = [];
}
