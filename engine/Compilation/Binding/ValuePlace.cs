using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Expressions.Analysis;

namespace WorkflowEngine.Compilation.Binding;

/// <summary>Where a value goes, and what that place asks of it.</summary>
internal sealed record ValuePlace
{
    /// <summary>As messages begin: <c>salesforce/Account.Name</c>, <c>'at'</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The type it must fit; null = anything.</summary>
    public FieldType? Type { get; init; }

    /// <summary>The connection whose ids the type speaks of.</summary>
    public string Connection { get; init; } = "";

    /// <summary>False where null is a mistake.</summary>
    public bool Nullable { get; init; } = true;

    /// <summary>The value leaves the flow, so records inside it are read as a whole.</summary>
    public bool Leaves { get; init; }

    public AnalysisOptions Options { get; init; } = AnalysisOptions.Default;

    public static ValuePlace Anything(string name) => new() { Name = name };

    /// <summary>A line of set, setOnCreate or setOnUpdate.</summary>
    public static ValuePlace Set(ResolvedField field) => new()
    {
        Name = $"{field.Entity.Name}.{field.Path}",
        Type = field.Type,
        Connection = field.Entity.Connection.Name,
        Options = AnalysisOptions.FieldValue,
        Leaves = true,
    };

    /// <summary>A value that is compared with a field.</summary>
    public static ValuePlace Compared(ResolvedField field, AnalysisOptions? options = null) => new()
    {
        Name = $"{field.Entity.Name}.{field.Path}",
        Type = field.Type.Kind == FieldKind.List ? field.Type.Item : field.Type,
        Connection = field.Entity.Connection.Name,
        Options = options ?? AnalysisOptions.Default,
    };
}
