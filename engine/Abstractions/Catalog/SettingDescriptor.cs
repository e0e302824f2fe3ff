namespace WorkflowEngine.Abstractions;

/// <summary>A setting of a connection, a secret of a connection, or an option of a step.</summary>
public sealed record SettingDescriptor
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it means, with its unit and default.</summary>
    public required string Description { get; init; }

    /// <summary>The type of its value.</summary>
    public FieldType Type { get; init; } = FieldType.Of(FieldKind.Text);

    /// <summary>Used when the connection does not say; null = none.</summary>
    public string? Default { get; init; }

    /// <summary>Must be given.</summary>
    public bool Required { get; init; }
}
