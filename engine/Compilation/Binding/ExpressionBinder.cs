using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Analysis;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Binding;

/// <summary>Analyses the flow's expressions; places their problems in the file and notes what they read.</summary>
internal sealed class ExpressionBinder(RecordShapes shapes, DiagnosticBag problems)
{
    private readonly HashSet<string> parameters = new(StringComparer.Ordinal);
    private readonly HashSet<string> names = new(StringComparer.Ordinal);

    /// <summary>Parameters some expression has read so far.</summary>
    public IReadOnlySet<string> ReadParameters => parameters;

    /// <summary>Names some expression has read so far.</summary>
    public IReadOnlySet<string> ReadNames => names;

    /// <summary>Called for each analysis: whoever wants to know what a stretch of the flow reads.</summary>
    public Action<ExpressionAnalysis>? Watch { get; set; }

    public ExpressionAnalysis Analyze(ExpressionText text, NameScope scope, AnalysisOptions? options = null)
    {
        var analysis = ExpressionAnalyzer.Analyze(text.Text, scope, options);
        foreach (var problem in analysis.Problems)
        {
            problems.Add(new Diagnostic(
                problem.Code,
                problem.IsError ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
                text.SpanOf(problem.Start, problem.Length),
                problem.Message,
                problem.Hint));
        }

        shapes.Note(analysis.FieldReads);
        names.UnionWith(analysis.Names);
        foreach (var read in analysis.Reads)
        {
            if (read.Root == "params" && read.Members.Length > 0) parameters.Add(read.Members[0]);
        }

        Watch?.Invoke(analysis);
        return analysis;
    }

    /// <summary>An expression as a value of the plan; after an error its type is not checked further.</summary>
    public BoundValue Bind(ExpressionText text, NameScope scope, AnalysisOptions? options = null)
    {
        var analysis = Analyze(text, scope, options);
        var type = analysis.HasErrors ? ExprType.Any : analysis.Type;
        return new BoundValue(text.Span, text.Text.Trim(), type, [.. analysis.Names]) { Reads = analysis.Reads, Hidden = shapes.IsHidden(analysis) };
    }

    public static SourcePlace Place(SourceSpan span) => new(span.Source.Path, span.Start.Line, span.Start.Column);
}
