using System.Text.Json.Serialization;

namespace WorkflowEngine.Expressions.Library;

/// <summary>A parameter of a function or method, with its type as documentation shows it.</summary>
public sealed record LibraryParameter(string Name, string Type, bool IsOptional)
{
    /// <summary>Takes any number of further arguments.</summary>
    public bool IsRest { get; init; }

    [JsonIgnore]
    internal SignatureType Parsed { get; init; } = null!;
}
