namespace WorkflowEngine.Abstractions;

/// <summary>A kind of change of an entity that flows can start from, such as <c>changed</c>.</summary>
public sealed record EntityEvent
{
    /// <summary>The name after the dot: <c>changed</c>, <c>created</c>, <c>completed</c>, <c>deleted</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it covers, in one sentence.</summary>
    public required string Description { get; init; }

    /// <summary>The feeds, polls or channels that hint at it; each has a cursor of its own per realm.</summary>
    public IReadOnlyList<string> Feeds { get; init; } = [];

    /// <summary>Child entities whose changes it covers too; reading them keeps <c>onlyWhenChanged</c> true by default.</summary>
    public IReadOnlyList<string> Covers { get; init; } = [];

    /// <summary>A condition rows must meet to be this event (<c>jobStatus = Completed</c>); null = every change.</summary>
    public Condition? When { get; init; }
}
