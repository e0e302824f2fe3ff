using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Compilation.Plan;

/// <summary>A value the deployment gives, with its type.</summary>
public sealed record PlanParameter
{
    public required string Name { get; init; }

    public string? Title { get; init; }

    public required FieldType Type { get; init; }

    /// <summary>The logical connection whose records or picklist the type speaks of; null for plain types.</summary>
    public string? Connection { get; init; }

    /// <summary>The word of a plain type where it says more than the type: <c>timeZone</c>, <c>cron</c>; else null.</summary>
    public string? Word { get; init; }

    /// <summary>The deployment need not give it; then it is the default, or null.</summary>
    public bool Optional { get; init; }

    /// <summary>A value in the engine's types; null = none.</summary>
    public object? Default { get; init; }

    public object? Min { get; init; }

    public object? Max { get; init; }

    public required SourcePlace Place { get; init; }
}

/// <summary>A table with the rows written in the flow; a deployment gives others or more.</summary>
public sealed record PlanTable
{
    public required string Name { get; init; }

    /// <summary>The type of its key; a row whose key is <c>*</c> is the default.</summary>
    public required FieldType Key { get; init; }

    /// <summary>The logical connection whose records the key names; null for plain types.</summary>
    public string? KeyConnection { get; init; }

    public required IReadOnlyList<PlanColumn> Columns { get; init; }

    /// <summary>Rows: <c>key</c> and a value for each column, in the engine's types; references by name are still names.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, object?>> Rows { get; init; } = [];
}

/// <summary>A column of a table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Connection">The logical connection whose records it names; null for plain types.</param>
/// <param name="Optional">A row need not have it.</param>
/// <param name="Default">What a row without it has.</param>
public sealed record PlanColumn(string Name, FieldType Type, string? Connection, bool Optional, object? Default);
