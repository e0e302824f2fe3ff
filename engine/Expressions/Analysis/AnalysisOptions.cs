using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Expressions.Analysis;

/// <summary>What the place of an expression asks of it.</summary>
public sealed record AnalysisOptions
{
    public static AnalysisOptions Default { get; } = new();

    /// <summary><c>if</c>, <c>when</c>, <c>filter</c>: boolean, nothing else.</summary>
    public static AnalysisOptions Condition { get; } = new() { Expected = ExprType.Boolean };

    /// <summary>The lines of <c>set</c>, <c>setOnCreate</c> and <c>setOnUpdate</c>.</summary>
    public static AnalysisOptions FieldValue { get; } = new() { AllowMarkers = true };

    /// <summary><c>key</c>, <c>once</c> and the values of <c>match</c>: a half-filled key would join what is different.</summary>
    public static AnalysisOptions Key { get; } = new() { NullInTemplateIsError = true };

    /// <summary>When given, a result of another type is an error.</summary>
    public ExprType? Expected { get; init; }

    /// <summary>Whether a possibly null part of a template is an error instead of a warning.</summary>
    public bool NullInTemplateIsError { get; init; }

    /// <summary>Whether the constants <c>keep</c> and <c>clear</c> may be the result.</summary>
    public bool AllowMarkers { get; init; }
}
