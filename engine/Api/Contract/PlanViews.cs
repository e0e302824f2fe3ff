using System.Text.Json;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.Api;

/// <summary>What is to be planned.</summary>
/// <param name="Deployment">Whose connections, parameters and tables hold; <c>name/flow</c> where it has several flows.</param>
/// <param name="Files">The edited files of its template; null = the flow that runs.</param>
/// <param name="Specification">Or the deployment as it is to be, in the form of a request for it: its version, connections, parameters, tables and overlay are planned. It need not run yet.</param>
/// <param name="Records">Records whose change is planned, by id.</param>
/// <param name="Inputs">Inputs that are planned.</param>
/// <param name="Recent">Or the records of the last runs, so many.</param>
/// <param name="All">Or all records the flow's trigger reads, up to what one plan takes: what a backfill of them would do.</param>
public sealed record PlanBody(string? Deployment, IReadOnlyList<FileView>? Files, JsonElement? Specification, IReadOnlyList<string>? Records, IReadOnlyList<JsonElement>? Inputs, int? Recent, bool? All);

/// <summary>What would happen; nothing was written.</summary>
/// <param name="Runs">What each event would do.</param>
/// <param name="Differences">With files or a specification, where the deployment runs already: what they change, record by record and field by field.</param>
/// <param name="Totals">Writes by verb and entity.</param>
/// <param name="More">Of all records, there are more than one plan takes.</param>
public sealed record PlanAnswer(IReadOnlyList<PlannedRunView> Runs, IReadOnlyList<PlanDifferenceView>? Differences, IReadOnlyDictionary<string, int> Totals, bool More);

/// <summary>What one event would do.</summary>
public sealed record PlannedRunView(string Event, string Outcome, string? Text, IReadOnlyList<PlannedEffectView> Effects)
{
    internal static PlannedRunView Of(PlannedRun run) => new(run.Event, run.Outcome, run.Text, [.. run.Effects.Select(PlannedEffectView.Of)]);
}

/// <summary>A write that would happen.</summary>
public sealed record PlannedEffectView(string? Step, string Verb, string Realm, string Entity, string Record, IReadOnlyList<PlannedFieldView> Fields, PlannedMergeView? Merge)
{
    internal static PlannedEffectView Of(PlannedEffect e) =>
        new(e.Step, e.Verb, e.Realm, e.Entity, e.Record, [.. e.Fields.Select(PlannedFieldView.Of)], e.Merge is { } merge ? PlannedMergeView.Of(merge) : null);
}

/// <summary>What a merge would do beside the fields it sets.</summary>
/// <param name="Absorbed">Records that would go up in the survivor.</param>
/// <param name="Because">Why they are the same, as the flow says it.</param>
/// <param name="Kept">Which value each field would keep.</param>
public sealed record PlannedMergeView(IReadOnlyList<string> Absorbed, string? Because, IReadOnlyList<PlannedSurvivorView> Kept)
{
    internal static PlannedMergeView Of(PlannedMerge m) => new(m.Absorbed, m.Because, [.. m.Kept.Select(PlannedSurvivorView.From)]);
}

/// <summary>Which value a field of the survivor would have.</summary>
/// <param name="Field">The field.</param>
/// <param name="Rule">The rule that chose: keep, filled, newest, oldest, longest or expression.</param>
/// <param name="Value">The value.</param>
/// <param name="Of">The record it comes from; null when it is nobody's.</param>
/// <param name="Lost">Other values there were, which would be gone.</param>
public sealed record PlannedSurvivorView(string Field, string Rule, JsonElement Value, string? Of, IReadOnlyList<PlannedLossView> Lost)
{
    internal static PlannedSurvivorView From(PlannedSurvivor s) => new(s.Field, s.Rule, PayloadJson.ToJson(s.Value), s.Of, [.. s.Lost.Select(l => new PlannedLossView(l.Record, PayloadJson.ToJson(l.Value)))]);
}

/// <summary>A value that a merge would drop, and the record that has it.</summary>
public sealed record PlannedLossView(string Record, JsonElement Value);

/// <summary>A field that would be set.</summary>
/// <param name="Name">The field.</param>
/// <param name="Before">What stands there, where it was read.</param>
/// <param name="After">What would stand there.</param>
/// <param name="KnownAfterApply">It names a record that does not exist yet.</param>
public sealed record PlannedFieldView(string Name, JsonElement Before, JsonElement After, bool KnownAfterApply)
{
    internal static PlannedFieldView Of(PlannedField f) =>
        new(f.Name, Shown(f, f.Before), Shown(f, f.After), f.After is string text && text.StartsWith("new:", StringComparison.Ordinal));

    private static JsonElement Shown(PlannedField field, object? value) => PayloadJson.ToJson(field.Hidden && value is not null ? Redaction.Hidden : value);
}

/// <summary>What an edited flow would do otherwise.</summary>
public sealed record PlanDifferenceView(string Event, string Realm, string Entity, string Record, string? Verb, string? WasVerb, IReadOnlyList<PlannedFieldView> Fields)
{
    internal static PlanDifferenceView Of(PlanDifference d) => new(d.Event, d.Realm, d.Entity, d.Record, d.Verb, d.WasVerb, [.. d.Fields.Select(PlannedFieldView.Of)]);
}
