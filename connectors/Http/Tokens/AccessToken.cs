namespace WorkflowEngine.Connectors.Http;

/// <summary>A token as the vendor answered it. Its text form shows nothing.</summary>
/// <param name="Value">The token.</param>
/// <param name="Lifetime">How long it is good; null = the vendor did not say.</param>
/// <param name="Properties">The other texts of the answer, such as <c>instance_url</c> and <c>id</c>.</param>
public sealed record AccessToken(string Value, TimeSpan? Lifetime, IReadOnlyDictionary<string, string> Properties)
{
    /// <inheritdoc/>
    public override string ToString() => "access token";
}
