using Acornima.Ast;
using WorkflowEngine.Expressions.Syntax;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Expressions.Analysis;

/// <summary>Types an expression and finds every mistake that can be found before it runs. Pure; never throws for what an author wrote.</summary>
public static class ExpressionAnalyzer
{
    /// <param name="source">The expression without its leading <c>=</c>.</param>
    /// <param name="scope">The names it may use.</param>
    /// <param name="options">What its place asks of it.</param>
    public static ExpressionAnalysis Analyze(string source, NameScope scope, AnalysisOptions? options = null)
    {
        options ??= AnalysisOptions.Default;
        var (root, problem) = SyntaxReader.Read(source);
        if (root is null)
        {
            return new ExpressionAnalysis { Type = ExprType.Any, Problems = [problem!] };
        }

        var checker = new Checker(source, scope, options);
        checker.Problems.AddRange(ClosedSubset.Check(root));
        var type = checker.Run(root);
        var known = scope.NonNull;
        return new ExpressionAnalysis
        {
            Type = type,
            Problems = [.. checker.Problems.OrderBy(p => p.Start).ThenBy(p => p.Length).Distinct()],
            Reads = [.. checker.Reads],
            FieldReads = [.. checker.FieldReads],
            Names = checker.Names,
            Tables = checker.Tables,
            WhenTrueNonNull = Narrowing.WhenTrue(root).Except(known),
            WhenFalseNonNull = Narrowing.WhenFalse(root).Except(known),
            ConstantBoolean = Constant(root),
        };
    }

    private static bool? Constant(Expression e) => e switch
    {
        BooleanLiteral b => b.Value,
        UnaryExpression { Operator: Acornima.Operator.LogicalNot } u => !Constant(u.Argument),
        LogicalExpression { Operator: Acornima.Operator.LogicalAnd } l => (Constant(l.Left), Constant(l.Right)) switch
        {
            (false, _) or (_, false) => false,
            (true, true) => true,
            _ => null,
        },
        LogicalExpression { Operator: Acornima.Operator.LogicalOr } l => (Constant(l.Left), Constant(l.Right)) switch
        {
            (true, _) or (_, true) => true,
            (false, false) => false,
            _ => null,
        },
        _ => null,
    };
}
