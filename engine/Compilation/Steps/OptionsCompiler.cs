using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Steps;

/// <summary><c>options</c>: those of the connector, and <c>duplicates</c>, which is the engine's own.</summary>
internal static class OptionsCompiler
{
    private static readonly Abstractions.FieldType Duplicates = new() { Kind = Abstractions.FieldKind.Choice, Choices = ["accept", "refuse"] };

    public static IReadOnlyList<PlanOption> Bind(StepDefinition step, ConnectionModel? connection, StepContext context, MappingWriter values)
    {
        var options = new List<PlanOption>();
        foreach (var line in step.Options?.Lines ?? [])
        {
            var name = line.Name.Value;
            if (name == "duplicates" && step is CreateStep or UpsertStep or CallStep or HttpStep)
            {
                context.Session.Values.Bind(line.Value, new ValuePlace { Name = "'duplicates'", Type = Duplicates }, context.Scope.Names);
                continue;
            }

            var known = connection?.Connector.Options.FirstOrDefault(o => o.Name == name);
            if (connection is not null && known is null)
            {
                context.Problems.Add(FieldDiagnostics.UnknownOption(line.Name.Span, connection.Name, name, [.. connection.Connector.Options.Select(o => o.Name)]));
            }

            var place = new ValuePlace { Name = $"The option '{name}'", Type = known?.Type, Connection = connection?.Name ?? "" };
            options.Add(new PlanOption(name, values.Add(context.Session.Values.Bind(line.Value, place, context.Scope.Names))));
        }

        return options;
    }

    /// <summary>The author says that twice does no harm.</summary>
    public static bool AcceptsDuplicates(StepDefinition step) => step.Options?.Find("duplicates")?.Value is LiteralValue { Text: "accept" };
}
