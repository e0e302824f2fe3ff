using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Hosting;

/// <summary>What is to be evaluated over samples.</summary>
public sealed record PreviewRequest
{
    public required IReadOnlyList<PreviewLine> Lines { get; init; }

    /// <summary>A map step's id: later lines read earlier ones under it; null = lines do not see each other.</summary>
    public string? Self { get; init; }

    /// <summary>For each sample the values by name.</summary>
    public required IReadOnlyList<IReadOnlyDictionary<string, object?>> Samples { get; init; }

    /// <summary>What the lines are written to; null = they are not judged.</summary>
    public EntityDescriptor? Target { get; init; }

    /// <summary>A record is created; false = one is changed.</summary>
    public bool Creates { get; init; } = true;

    /// <summary>Whether the target's fields were read from the org, so that one it lacks does not exist.</summary>
    public bool TargetIsOrg { get; init; }
}

/// <summary>One line.</summary>
/// <param name="Name">The field or name.</param>
/// <param name="Expression">Without the leading <c>=</c>; null = a literal.</param>
/// <param name="Literal">The literal.</param>
public sealed record PreviewLine(string Name, string? Expression, object? Literal);

/// <summary>What a line gave.</summary>
/// <param name="Name">The line.</param>
/// <param name="Value">Its value; null where it failed.</param>
/// <param name="Type">In one word.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="Findings">What the target field would say.</param>
public sealed record PreviewAnswer(string Name, object? Value, string Type, PreviewError? Error, IReadOnlyList<PreviewFinding> Findings);

/// <summary>A failed expression.</summary>
/// <param name="Kind"><c>invalid</c>, <c>null</c>, <c>runtime</c>, <c>tableMissing</c>, <c>limit</c> or <c>abandoned</c>.</param>
/// <param name="Message">For a person.</param>
/// <param name="Offset">Where in the expression, without its <c>=</c>; -1 = unknown.</param>
public sealed record PreviewError(string Kind, string Message, int Offset);

/// <summary>What a field has against a value.</summary>
public sealed record PreviewFinding(string Code, string Severity, string Message);
