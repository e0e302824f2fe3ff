namespace WorkflowEngine.Definitions;

/// <summary>A file of <c>connections/</c>. Its name in the workspace is the file's name unless <c>connection:</c> says otherwise.</summary>
public sealed record ConnectionDefinition
{
    public required SourceText Source { get; init; }

    public required SourceSpan Span { get; init; }

    public Located<string>? Name { get; init; }

    public required Located<string> Connector { get; init; }

    public Located<string>? Title { get; init; }

    public IReadOnlyList<FieldLine> Settings { get; init; } = [];

    public IReadOnlyList<SecretSetting> Secrets { get; init; } = [];
}

public sealed record SecretSetting(Located<string> Name, SecretSource From);
