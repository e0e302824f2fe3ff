using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Analysis;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Steps;

/// <summary><c>http</c>: a REST call through a named connection. Becomes a call of the operation that is named after the method.</summary>
internal static class HttpCompiler
{
    private static readonly ExprType Answer = ExprType.Object((HttpOperation.Status, ExprType.Integer), (HttpOperation.Body, ExprType.Any));

    public static StepResult Compile(HttpStep step, StepContext context)
    {
        var session = context.Session;
        session.NeedsCheckpoint = true;
        var connection = session.Catalog.Connection(step.Connection, session.Problems);
        if (connection is { Connector.TakesHttp: false }) session.Problems.Add(BindingDiagnostics.NoHttp(step.Connection.Span, connection.Name, connection.Connector.Name));
        var values = new MappingWriter(context.Scope);
        var lines = new List<PlanFieldLine>();
        if (step.Path is { } path) Add(HttpOperation.Path, path, Text("'path'") with { Nullable = false });
        foreach (var line in step.Parameters?.Lines ?? []) Add(HttpOperation.Parameter + line.Name.Value, line.Value, ValuePlace.Anything($"'{line.Name.Value}'"));
        foreach (var line in step.Headers?.Lines ?? []) Add(HttpOperation.Header + line.Name.Value, line.Value, Text($"'{line.Name.Value}'"));
        foreach (var line in step.Once?.Lines ?? []) Add(HttpOperation.Once + line.Name.Value, line.Value, Text("'once'") with { Nullable = false, Options = AnalysisOptions.Key });
        if (step.Body is { } body) Add(HttpOperation.Body, body, ValuePlace.Anything("'body'") with { Leaves = true });

        var method = step.Method?.Value ?? "GET";
        var harmless = method is not ("POST" or "PATCH");
        if (step.Once is { Lines.Count: not 1 } once) session.Problems.Add(MatchDiagnostics.OnceShape(once.KeySpan));
        var repeatable = harmless || step.Once is not null || OptionsCompiler.AcceptsDuplicates(step);
        if (!repeatable) session.Problems.Add(MatchDiagnostics.OnceMissing(step.Activity.Span, "A call that is not repeatable"));
        if (step.Body is { } unsent && method is "GET" or "DELETE") session.Problems.Add(BindingDiagnostics.NoBody(unsent.Span, method));
        if (connection is null) return new StepResult(null, Answer);
        var instruction = new CallInstruction
        {
            Step = context.Head with { Options = OptionsCompiler.Bind(step, connection, context, values) },
            Connection = connection.Name,
            Operation = new OperationDescriptor { Name = method, Description = $"{method} by the activity http.", Input = [.. lines.Select(l => l.Field)], Repeatable = repeatable },
            Values = values.Build(),
            With = lines,
        };
        return new StepResult(instruction, Answer);

        void Add(string name, ValueDefinition value, ValuePlace place)
        {
            var bound = session.Values.Bind(value, place, context.Scope.Names);
            var field = new FieldDescriptor { Name = name, Type = place.Type ?? FieldType.Of(FieldKind.Any), RequiredOnCreate = !place.Nullable };
            lines.Add(new PlanFieldLine { Path = name, Field = field, Value = values.Add(bound), Place = ExpressionBinder.Place(value.Span) });
        }
    }

    private static ValuePlace Text(string name) => new() { Name = name, Type = FieldType.Of(FieldKind.Text) };
}
