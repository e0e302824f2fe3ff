using System.Collections.Immutable;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Analysis;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Binding;

/// <summary>A value as the plan keeps it: one expression text, whatever the author wrote.</summary>
/// <param name="Span">Where it stands.</param>
/// <param name="Source">Its expression text, without the leading <c>=</c>.</param>
/// <param name="Type">Its type.</param>
/// <param name="Names">The names of the scope it reads.</param>
internal sealed record BoundValue(SourceSpan Span, string Source, ExprType Type, ImmutableHashSet<string> Names)
{
    public static readonly ImmutableHashSet<string> NoNames = [];

    /// <summary>What an expression reads.</summary>
    public IReadOnlyList<ReadPath> Reads { get; init; } = [];

    /// <summary>Comes from a sensitive field, whatever way it took.</summary>
    public bool Hidden { get; init; }

    /// <summary>Written out in the file: nothing is computed.</summary>
    public bool IsLiteral { get; init; }

    /// <summary>The literal's own text; null for structures and expressions.</summary>
    public string? Literal { get; init; }

    /// <summary>Computed from parameters alone: a deployment decides it.</summary>
    public bool ReadsOnlyParams => !IsLiteral && Names.All(n => n == "params");

    public static BoundValue Null(SourceSpan span) => new(span, "null", ExprType.Null, NoNames) { IsLiteral = true };
}
