using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Steps;

/// <summary><c>map</c>: named values; a line can read the lines before it under the step's own id.</summary>
internal static class MapCompiler
{
    public static StepResult Compile(MapStep step, StepContext context)
    {
        var session = context.Session;
        var self = step.Id?.Value;
        if (self is null) context.Problems.Add(FlowDiagnostics.MapWithoutId(step.Activity.Span));
        var values = new List<BoundValue>();
        var fields = new Dictionary<string, ExprType>(StringComparer.Ordinal);
        var hidden = new List<string>();
        var names = context.Scope.Names;
        foreach (var line in step.Lines.Lines)
        {
            if (self is not null) names = names.With(self, Object(new Dictionary<string, ExprType>(fields, StringComparer.Ordinal)));
            var value = session.Values.Bind(line.Value, ValuePlace.Anything($"'{line.Name.Value}'"), names);
            values.Add(value);
            if (value.Hidden) hidden.Add(line.Name.Value);
            // A literal is any text, not the one text it is now.
            fields[line.Name.Value] = value is { IsLiteral: true, Type.Kind: ExprKind.Choice } ? ExprType.Text : value.Type;
        }

        var instruction = new MapInstruction
        {
            Step = context.Head,
            Values = MappingWriter.Lines(values, context.Scope, self, [.. step.Lines.Lines.Select(l => l.Name.Value)]),
        };
        return new StepResult(instruction, Object(fields));

        ExprType Object(Dictionary<string, ExprType> given)
        {
            var type = ExprType.Object(null, given);
            foreach (var name in hidden) session.Shapes.Hide(type, name);
            return type;
        }
    }
}
