using System.Text.Json;
using WorkflowEngine.Hosting;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Api;

/// <summary>A question for a person.</summary>
public sealed record ReviewView
{
    public required string Id { get; init; }

    public required string Deployment { get; init; }

    /// <summary><c>ambiguous</c>, <c>owned</c>, <c>possiblyTwice</c> or <c>approval</c>.</summary>
    public required string Kind { get; init; }

    public required string Key { get; init; }

    public required string Run { get; init; }

    public required string Step { get; init; }

    /// <summary>Its file, line and column.</summary>
    public string? Place { get; init; }

    public string? Entity { get; init; }

    public required string Message { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>The decisions it takes.</summary>
    public required IReadOnlyList<string> Takes { get; init; }

    /// <summary>What was decided; null while it is open.</summary>
    public string? Decision { get; init; }

    public string? Record { get; init; }

    public string? Comment { get; init; }

    public string? DecidedBy { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }

    internal static ReviewView Of(Review review, DeploymentNames names) => new()
    {
        Id = review.Asked.Id, Deployment = names.NameOf(review.Asked.Deployment.Id), Kind = Words.Of(review.Asked.Kind), Key = review.Asked.Key, Run = review.Asked.RunId,
        Step = review.Asked.Step, Place = review.Asked.Place, Entity = review.Asked.Entity, Message = review.Asked.Message, OpenedAt = review.Asked.OpenedAt,
        Takes = [.. ReviewBook.Words(review.Asked.Kind).Select(Words.Of)], Decision = review.IsOpen ? null : Words.Of(review.Decision), Record = review.RecordId, Comment = review.Comment,
        DecidedBy = review.DecidedBy, DecidedAt = review.DecidedAt,
    };
}

/// <summary>A question with the records it is about.</summary>
/// <param name="Review">The question.</param>
/// <param name="Wanted">What the flow would write; null for an approval.</param>
/// <param name="Candidates">The records in question; values of sensitive fields are hidden.</param>
public sealed record ReviewDetail(ReviewView Review, JsonElement Wanted, JsonElement Candidates);

/// <summary>A decision.</summary>
/// <param name="Decision"><c>use</c>, <c>create</c>, <c>skip</c>, <c>approve</c>, <c>reject</c> or <c>dismiss</c>; the review says which it takes.</param>
/// <param name="Record">For <c>use</c>: one of the candidates.</param>
/// <param name="Comment">For whoever reads it later.</param>
public sealed record DecisionBody(string? Decision, string? Record, string? Comment);
