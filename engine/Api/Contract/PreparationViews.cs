using WorkflowEngine.Hosting;

namespace WorkflowEngine.Api;

/// <summary>What an org lacks of what a deployment's flows require.</summary>
/// <param name="Connection">The connection to the org.</param>
/// <param name="Entity">The object.</param>
/// <param name="Field">The field; null when the whole object is missing.</param>
/// <param name="Type">The type that is needed.</param>
/// <param name="Kind">What is the matter: <c>object</c>, <c>field</c>, <c>type</c>, <c>externalId</c>, <c>unique</c> or <c>writable</c>.</param>
/// <param name="Message">The same in a sentence, with what to do.</param>
/// <param name="CanCreate">It can be made on request.</param>
public sealed record OrgGapView(string Connection, string Entity, string? Field, string? Type, string Kind, string Message, bool CanCreate)
{
    internal static OrgGapView Of(OrgGap gap) => new(
        gap.Connection, gap.Gap.Entity, gap.Gap.Field?.Name, gap.Gap.Field is { } field ? Words.Of(field.Type.Kind) : null, Words.Of(gap.Gap.Kind), gap.Gap.Message, gap.Gap.CanCreate);
}

/// <summary>What became of the wish to prepare the orgs.</summary>
/// <param name="Made">Fields that are there now, as <c>connection: Entity.Field</c>.</param>
/// <param name="Problems">What could not be made or granted, one sentence each.</param>
/// <param name="Gaps">What is missing still.</param>
public sealed record OrgPreparationView(IReadOnlyList<string> Made, IReadOnlyList<string> Problems, IReadOnlyList<OrgGapView> Gaps);
