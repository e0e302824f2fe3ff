using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Checks;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Analysis;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Steps;

/// <summary><c>http</c>: a REST call through a named connection; checked in full, not run yet.</summary>
internal static class HttpCompiler
{
    public static StepResult Compile(HttpStep step, StepContext context)
    {
        var session = context.Session;
        session.Plan.Later("the activity 'http'", step.Activity.Span);
        session.NeedsCheckpoint = true;
        session.Catalog.Connection(step.Connection, session.Problems);
        var text = FieldType.Of(FieldKind.Text);
        if (step.Path is { } path) session.Values.Bind(path, new ValuePlace { Name = "'path'", Type = text, Nullable = false }, context.Scope.Names);
        LooseCheck.Lines(step.Parameters?.Lines, context);
        LooseCheck.Lines(step.Headers?.Lines, context);
        if (step.Body is { } body) session.Values.Bind(body, ValuePlace.Anything("'body'") with { Leaves = true }, context.Scope.Names);
        foreach (var line in step.Once?.Lines ?? [])
        {
            session.Values.Bind(line.Value, new ValuePlace { Name = "'once'", Type = text, Nullable = false, Options = AnalysisOptions.Key }, context.Scope.Names);
        }

        if (step.Method?.Value is "POST" or "PATCH" && step.Once is null) session.Problems.Add(MatchDiagnostics.OnceMissing(step.Activity.Span, "A call that is not repeatable"));
        return new StepResult(null, ExprType.Object(("status", ExprType.Integer), ("body", ExprType.Any)));
    }
}
