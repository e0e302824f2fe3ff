using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.Api;

/// <summary>Files to check.</summary>
public sealed record CheckRequest(IReadOnlyList<FileView>? Files, bool? Explain);

/// <summary>A file by its path; flows of one folder are a template.</summary>
public sealed record FileView(string? Path, string? Content);

/// <summary>What the check found.</summary>
public sealed record CheckAnswer(IReadOnlyList<DiagnosticView> Diagnostics, IReadOnlyList<FlowView> Flows);

/// <summary>A flow as the compiler understands it.</summary>
public sealed record FlowView
{
    public required string Id { get; init; }

    public string? Title { get; init; }

    public string? Version { get; init; }

    /// <summary>Names its version; null when it has errors.</summary>
    public string? Hash { get; init; }

    public required string Template { get; init; }

    public required string Path { get; init; }

    /// <summary>Logical name → connector.</summary>
    public required IReadOnlyDictionary<string, string> Connections { get; init; }

    /// <summary>Type of the input; null when it has errors.</summary>
    public TypeView? Input { get; init; }

    public IReadOnlyList<ParameterView> Parameters { get; init; } = [];

    public IReadOnlyList<TriggerView> Triggers { get; init; } = [];

    public IReadOnlyList<StepView> Steps { get; init; } = [];

    internal static FlowView Of(BundledFlow flow) => new()
    {
        Id = flow.Definition.Flow.Value,
        Title = flow.Definition.Title?.Value,
        Version = flow.Compiled?.Version ?? flow.Definition.Version?.Value,
        Hash = flow.Compiled?.Hash,
        Template = flow.Template,
        Path = flow.Definition.Source.Path,
        Connections = flow.Compiled?.Connections ?? flow.Definition.Connections.DistinctBy(c => c.Name.Value).ToDictionary(c => c.Name.Value, c => c.Connector.Value),
        Input = flow.Compiled is { } compiled ? TypeView.Of(compiled.Input) : null,
        Parameters = [.. (flow.Compiled?.Parameters ?? []).Select(ParameterView.Of)],
        Triggers = [.. (flow.Compiled?.Triggers ?? []).Select(TriggerView.Of)],
        Steps = [.. (flow.Compiled?.Instructions ?? []).DistinctBy(i => i.Step.Name).Select(i => StepView.Of(i, flow.Compiled!))],
    };
}

/// <summary>What begins a run.</summary>
public sealed record TriggerView(string Id, string Kind, string? Connection, string? Entity, string? Webhook, int Line)
{
    internal static TriggerView Of(PlanTrigger trigger) =>
        new(trigger.Id, Words.Of(trigger.Kind), trigger.Connection, trigger.Entity?.Name, trigger.Webhook, trigger.Place.Line);
}

/// <summary>A step.</summary>
/// <param name="Name">Its id, else a name made of its activity and place.</param>
/// <param name="Activity">The word of the file.</param>
/// <param name="Connection">The logical connection; null = it needs none.</param>
/// <param name="Entity">What it reads or writes.</param>
/// <param name="Many">It gives a list.</param>
/// <param name="Operation">For a call.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Output">The name under which later steps read what it gives; null = nobody does.</param>
public sealed record StepView(string Name, string Activity, string? Connection, string? Entity, bool Many, string? Operation, int Line, int Column, string? Output)
{
    internal static StepView Of(Instruction instruction, CompiledFlow flow)
    {
        var step = instruction.Step;
        var (connection, entity, many, operation) = instruction switch
        {
            ReadInstruction read => (read.Connection, read.Entity.Name, !read.One, null),
            WriteInstruction write => (write.Connection, write.Entity.Name, false, null),
            CallInstruction call => (call.Connection, null, false, call.Operation.Name),
            ForEachInstruction => (null, null, true, null),
            _ => ((string?)null, (string?)null, false, (string?)null),
        };
        return new StepView(step.Name, step.Activity, connection, entity, many, operation, step.Place.Line, step.Place.Column, step.Output < 0 ? null : flow.SlotNames[step.Output]);
    }
}

/// <summary>What a deployment is asked for.</summary>
public sealed record ParameterView
{
    public required string Name { get; init; }

    public string? Title { get; init; }

    public required TypeView Type { get; init; }

    /// <summary>The logical connection whose records the type speaks of.</summary>
    public string? Connection { get; init; }

    /// <summary><c>timeZone</c>, <c>cron</c>; else null.</summary>
    public string? Word { get; init; }

    public bool Optional { get; init; }

    public System.Text.Json.JsonElement Default { get; init; }

    public System.Text.Json.JsonElement Min { get; init; }

    public System.Text.Json.JsonElement Max { get; init; }

    internal static ParameterView Of(PlanParameter parameter) => new()
    {
        Name = parameter.Name, Title = parameter.Title, Type = TypeView.Of(parameter.Type), Connection = parameter.Connection, Word = parameter.Word, Optional = parameter.Optional,
        Default = PayloadJson.ToJson(parameter.Default), Min = PayloadJson.ToJson(parameter.Min), Max = PayloadJson.ToJson(parameter.Max),
    };
}
