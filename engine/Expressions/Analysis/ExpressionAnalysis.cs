using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Expressions.Analysis;

/// <summary>All that is known about an expression before it runs.</summary>
public sealed record ExpressionAnalysis
{
    public required ExprType Type { get; init; }

    public required IReadOnlyList<ExpressionProblem> Problems { get; init; }

    /// <summary>The longest paths read, as <c>input.address.street</c>, <c>person.lines[].value</c>.</summary>
    public IReadOnlyList<ReadPath> Reads { get; init; } = [];

    /// <summary>The fields read by shape: exact even when records pass through other steps.</summary>
    public IReadOnlyList<FieldRead> FieldReads { get; init; } = [];

    /// <summary>The names of the scope that are used.</summary>
    public IReadOnlySet<string> Names { get; init; } = new HashSet<string>();

    /// <summary>The tables asked by <c>table</c> and <c>table.find</c>.</summary>
    public IReadOnlySet<string> Tables { get; init; } = new HashSet<string>();

    /// <summary>Paths that are surely there when the expression is true: for the steps inside an <c>if</c> or <c>when</c>.</summary>
    public IReadOnlySet<string> WhenTrueNonNull { get; init; } = new HashSet<string>();

    /// <summary>Paths that are surely there when the expression is not true: for the steps behind a <c>stop</c> with this <c>if</c>.</summary>
    public IReadOnlySet<string> WhenFalseNonNull { get; init; } = new HashSet<string>();

    /// <summary>The value, where the expression is a constant truth.</summary>
    public bool? ConstantBoolean { get; init; }

    public bool HasErrors => Problems.Any(p => p.IsError);

    /// <summary>Nothing but parameters is read, so a deployment decides it.</summary>
    public bool ReadsOnlyParams => Names.All(n => n == "params");
}
