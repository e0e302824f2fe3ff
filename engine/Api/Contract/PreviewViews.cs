using System.Text.Json;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.Api;

/// <summary>Lines to evaluate over samples.</summary>
/// <param name="Lines">The lines.</param>
/// <param name="Self">A map step's id: later lines read earlier ones under it.</param>
/// <param name="Types">Name → <c>connector/entity</c>, with <c>[]</c> behind it for a list.</param>
/// <param name="Files">A flow's files, to take types from.</param>
/// <param name="Flow">The flow among the files.</param>
/// <param name="Target">What the lines are written to.</param>
/// <param name="Samples">Values by name; one answer for each.</param>
public sealed record PreviewBody(
    IReadOnlyList<PreviewLineView>? Lines, string? Self, IReadOnlyDictionary<string, string>? Types, IReadOnlyList<FileView>? Files, string? Flow, PreviewTarget? Target,
    IReadOnlyList<IReadOnlyDictionary<string, JsonElement>>? Samples);

/// <summary>A line: a field or name, and its value as in the file (a text that begins with <c>=</c> is an expression).</summary>
public sealed record PreviewLineView(string? Name, JsonElement Value);

/// <summary>What the lines are written to.</summary>
public sealed record PreviewTarget(string? Connector, string? Entity, string? Connection, string? Verb);

/// <summary>The answers by sample.</summary>
public sealed record PreviewResult(IReadOnlyList<PreviewSampleView> Samples);

/// <summary>The answers of one sample, in the order of the lines.</summary>
public sealed record PreviewSampleView(IReadOnlyList<PreviewAnswerView> Lines);

/// <summary>What a line gave.</summary>
public sealed record PreviewAnswerView(string Name, JsonElement Value, string Type, PreviewError? Error, IReadOnlyList<PreviewFinding> Findings)
{
    internal static PreviewAnswerView Of(PreviewAnswer answer) => new(answer.Name, PayloadJson.ToJson(answer.Value), answer.Type, answer.Error, answer.Findings);
}
