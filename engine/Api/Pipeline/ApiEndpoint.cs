using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace WorkflowEngine.Api;

/// <summary>One line of the endpoint table.</summary>
/// <param name="Method">The verb.</param>
/// <param name="Pattern">The path.</param>
/// <param name="Role">The least role; null = anybody, also without a credential.</param>
/// <param name="Name">A name for generated clients.</param>
/// <param name="Summary">One sentence for the description.</param>
/// <param name="Handler">What answers.</param>
internal sealed record ApiEndpoint(string Method, string Pattern, Role? Role, string Name, string Summary, Delegate Handler)
{
    /// <summary>The form of the answer; null = none that is JSON.</summary>
    public Type? Answer { get; init; }

    /// <summary>It tells of all workspaces, so only callers of the host's own workspace reach it.</summary>
    public bool OfHost { get; init; }

    public int Status { get; init; } = StatusCodes.Status200OK;

    /// <summary>Where a person looks for it in the description.</summary>
    public string Group => Pattern.StartsWith("/api/", StringComparison.Ordinal) ? Pattern.Split('/')[2] : Pattern.Split('/')[1];

    public void Map(IEndpointRouteBuilder routes)
    {
        var route = routes.MapMethods(Pattern, [Method], Handler).WithName(Name).WithSummary(Summary).WithTags(Group).WithMetadata(this);
        if (Answer is not null) route.Produces(Status, Answer);
        route.ProducesProblem(StatusCodes.Status400BadRequest);
        if (Role is not null) route.ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden);
        if (Pattern.Contains('{')) route.ProducesProblem(StatusCodes.Status404NotFound);
    }
}
