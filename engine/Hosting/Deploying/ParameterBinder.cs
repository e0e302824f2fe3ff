using System.Globalization;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Hosting;

/// <summary>Gives a deployment's parameters their types; what is missing takes its default.</summary>
internal static class ParameterBinder
{
    public static IReadOnlyDictionary<string, object?> Bind(CompiledFlow flow, IReadOnlyList<FieldLine> lines, SourceSpan place, List<Diagnostic> found)
    {
        var values = new Dictionary<string, object?>();
        foreach (var parameter in flow.Parameters)
        {
            var line = lines.FirstOrDefault(l => l.Name.Value == parameter.Name);
            if (line is null || line.Value is NullValue)
            {
                if (parameter.Default is null && !parameter.Optional) found.Add(HostingDiagnostics.ParameterMissing(line?.Span ?? place, parameter.Name, Expected(parameter)));
                values[parameter.Name] = parameter.Default;
                continue;
            }

            if (!FieldValues.TryConvert(parameter.Type, Literal(line.Value), out var value, out _) || value is null || !Fits(parameter, value))
            {
                found.Add(HostingDiagnostics.ParameterDoesNotFit(line.Value.Span, parameter.Name, Expected(parameter)));
                continue;
            }

            values[parameter.Name] = value;
        }

        return values;
    }

    /// <summary>A literal of a file as a value; expressions have no place in deployments and give null.</summary>
    public static object? Literal(ValueDefinition value) => value switch
    {
        LiteralValue { Kind: LiteralKind.Boolean } flag => flag.IsTrue,
        LiteralValue { Kind: LiteralKind.Number } number => long.TryParse(number.Text, CultureInfo.InvariantCulture, out var whole)
            ? whole
            : decimal.TryParse(number.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact) ? exact : number.Text,
        LiteralValue text => text.Text,
        ListValue list => list.Items.Select(Literal).ToList(),
        ObjectValue record => record.Lines.ToDictionary(l => l.Name.Value, l => Literal(l.Value)),
        _ => null,
    };

    private static bool Fits(PlanParameter parameter, object value)
    {
        if (parameter.Word == "timeZone") return value is string zone && TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _);
        if (parameter.Word == "cron") return value is string cron && CronSchedule.Parse(cron, null, out _) is not null;
        if (parameter.Type is { Kind: FieldKind.Choice, Choices: { Count: > 0 } choices, OpenChoices: false }) return value is string text && choices.Contains(text);
        return Number(value) is not { } number || ((Number(parameter.Min) is not { } min || number >= min) && (Number(parameter.Max) is not { } max || number <= max));
    }

    private static double? Number(object? value) => value switch { long whole => whole, double real => real, decimal exact => (double)exact, _ => null };

    private static string Expected(PlanParameter parameter)
    {
        var what = parameter.Type.Choices is { Count: > 0 } choices ? "one of " + string.Join(", ", choices)
            : parameter.Word ?? (parameter.Type is { Kind: FieldKind.Id, Entity: { } entity } ? $"the id of a {parameter.Connection}/{entity}" : parameter.Type.Kind.ToString().ToLowerInvariant());
        if (Number(parameter.Min) is { } min) what += $", at least {min.ToString(CultureInfo.InvariantCulture)}";
        if (Number(parameter.Max) is { } max) what += $", at most {max.ToString(CultureInfo.InvariantCulture)}";
        return what;
    }
}
