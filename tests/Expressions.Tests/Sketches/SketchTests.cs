using WorkflowEngine.Expressions.Analysis;
using WorkflowEngine.Expressions.Execution;

namespace WorkflowEngine.Expressions.Tests.Sketches;

public sealed class SketchTests
{
    public static TheoryData<string, string> All()
    {
        var data = new TheoryData<string, string>();
        foreach (var (name, expressions) in new[]
        {
            ("customer", SketchExpressions.CustomerToSalesforce), ("job", SketchExpressions.CompletedJob), ("invoice", SketchExpressions.InvoiceToRevenue),
            ("rating", SketchExpressions.LowRating), ("membership", SketchExpressions.Memberships), ("opportunity", SketchExpressions.WonOpportunity),
        })
        {
            foreach (var expression in expressions)
            {
                data.Add(name, expression);
            }
        }

        return data;
    }

    private static NameScope Scope(string name) => name switch
    {
        "customer" => SketchScopes.CustomerToSalesforce(),
        "job" => SketchScopes.CompletedJob(),
        "invoice" => SketchScopes.InvoiceToRevenue(),
        "rating" => SketchScopes.LowRating(),
        "membership" => SketchScopes.Memberships(),
        _ => SketchScopes.WonOpportunity(),
    };

    /// <summary>What the steps before have made sure: a stop, a lookup that must find, the sibling lines of a rule.</summary>
    private static readonly string[] Known = ["current", "opportunity", "input.mergedToId", "surviving", "trigger.job"];

    [Theory]
    [MemberData(nameof(All))]
    public void Every_expression_of_the_templates_has_a_type_and_no_error(string flow, string source)
    {
        var scope = Scope(flow).WithNonNull(Known);
        var analysis = ExpressionAnalyzer.Analyze(source, scope, AnalysisOptions.FieldValue);
        Assert.Empty(analysis.Problems.Where(p => p.IsError).Select(p => $"{p.Code} at {p.Start}: {p.Message} {p.Hint}"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_expression_of_the_templates_can_be_prepared_and_run_without_crashing(string flow, string source)
    {
        using var engine = new ExpressionEngine(new ExpressionEngineOptions { Engines = 1 });
        var names = Scope(flow).Names.ToArray();
        var mapping = MappingCompiler.Prepare(source, names);
        Assert.Null(mapping.Problem);

        // Everything absent: each gives a value or says what was null.
        var result = engine.Invoke(mapping, new object?[names.Length]);
        Assert.True(result.Succeeded || result.Error.Kind is EvaluationErrorKind.Null or EvaluationErrorKind.TableMissing, $"{result.Error?.Kind} {result.Error?.Message}");
    }
}
