using System.Text.Json;
using WorkflowEngine.Hosting;
using WorkflowEngine.Storage;

namespace WorkflowEngine.Api;

/// <summary>What became of a request for a deployment, or would become of it.</summary>
public sealed record DeploymentAnswer
{
    public required string Name { get; init; }

    /// <summary><c>created</c>, <c>changed</c> or <c>unchanged</c>; in a dry run what it would be.</summary>
    public required string Result { get; init; }

    public required bool DryRun { get; init; }

    /// <summary>The version in force; null = there is none yet.</summary>
    public int? Number { get; init; }

    public string? Template { get; init; }

    public string? TemplateHash { get; init; }

    /// <summary>Warnings, and in a dry run errors.</summary>
    public required IReadOnlyList<DiagnosticView> Diagnostics { get; init; }

    /// <summary>What keeps it from running, one sentence each.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>In a dry run: what the orgs lack, field by field.</summary>
    public IReadOnlyList<OrgGapView> Gaps { get; init; } = [];

    /// <summary>What <c>WF5140</c> among the diagnostics tells, with every field.</summary>
    public IReadOnlyList<SharedFieldsView> Shared { get; init; } = [];

    /// <summary>Connections that would be bound to another org or tenant than before.</summary>
    public required IReadOnlyList<string> OtherRealms { get; init; }

    /// <summary>What is different from the version before.</summary>
    public required IReadOnlyList<ChangeView> Changes { get; init; }

    /// <summary>The flows as they run; in a dry run those that ran before.</summary>
    public required IReadOnlyList<DeploymentView> Flows { get; init; }

    internal static IReadOnlyList<ChangeView> ChangesOf(Judgement judgement)
    {
        var changes = new List<ChangeView>();
        var before = judgement.Current is { } current ? JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(current.Specification)! : [];
        var after = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(judgement.Specification)!;
        foreach (var key in before.Keys.Union(after.Keys))
        {
            var (was, now) = (before.TryGetValue(key, out var b) ? b : default(JsonElement?), after.TryGetValue(key, out var a) ? a : default(JsonElement?));
            if (was is { } x && now is { } y && JsonElement.DeepEquals(x, y)) continue;
            changes.Add(new ChangeView(key, was, now));
        }

        if (judgement.Template is { } template && judgement.Current is { } version && version.TemplateHash != template.Hash)
        {
            changes.Add(new ChangeView("templateHash", JsonSerializer.SerializeToElement(version.TemplateHash), JsonSerializer.SerializeToElement(template.Hash)));
        }

        return changes;
    }
}

/// <summary>Fields that deployments share and nobody has said that it is meant.</summary>
/// <param name="Deployments">Two that write them; for a cycle the way round, the first one again at its end.</param>
/// <param name="Cycle">Each one's writes begin runs of the next one.</param>
/// <param name="Fields">As <c>Entity.Field</c>, in the org's names.</param>
public sealed record SharedFieldsView(IReadOnlyList<string> Deployments, bool Cycle, IReadOnlyList<string> Fields);

/// <summary>One difference; null = it was or is not given.</summary>
public sealed record ChangeView(string What, JsonElement? Before, JsonElement? After);

/// <summary>A deployment with what it was told to be.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Origin"><c>api</c>, or <c>file</c> when a file of the workspace describes it.</param>
/// <param name="Number">The version in force; null for one of a file.</param>
/// <param name="Template">The template; null for one of a file.</param>
/// <param name="TemplateHash">The template's content.</param>
/// <param name="Specification">The request; null for one of a file.</param>
/// <param name="Flows">Its flows as they run.</param>
public sealed record DeploymentDetail(
    string Name, string Origin, int? Number, string? Template, string? TemplateHash, JsonElement? Specification, IReadOnlyList<DeploymentView> Flows);

/// <summary>A version of a deployment.</summary>
public sealed record DeploymentVersionView(int Number, string Template, string TemplateHash, JsonElement Specification, string? Note, DateTimeOffset CreatedAt, string CreatedBy)
{
    internal static DeploymentVersionView Of(DeploymentVersion v) =>
        new(v.Number, v.Template, v.TemplateHash, JsonSerializer.Deserialize<JsonElement>(v.Specification), v.Note, v.CreatedAt, v.CreatedBy);
}

/// <summary>Why it is paused.</summary>
public sealed record PauseBody(string? Reason);

/// <summary>Where to go back to; null = the version before the one in force.</summary>
public sealed record RollbackBody(int? To);

/// <summary>How long a token shall hold; null = until it is deleted.</summary>
public sealed record HookTokenBody(int? ExpiresInDays);

/// <summary>A token of inbound calls without the token.</summary>
public sealed record HookTokenView(Guid Id, string Deployment, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? ExpiresAt);

/// <summary>A new token; told this once.</summary>
/// <param name="Id">Names it.</param>
/// <param name="Token">The token.</param>
/// <param name="Path">Where calls go.</param>
/// <param name="ExpiresAt">When it ends.</param>
public sealed record NewHookTokenView(Guid Id, string Token, string Path, DateTimeOffset? ExpiresAt);
