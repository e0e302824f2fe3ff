namespace WorkflowEngine.Api;

/// <summary>How callers prove who they are.</summary>
public sealed record AccessOptions
{
    /// <summary>API keys are taken.</summary>
    public bool Keys { get; init; }

    /// <summary>Bearer tokens of an OpenID Connect provider are taken; null = none.</summary>
    public OidcOptions? Oidc { get; init; }

    /// <summary>Requests a second that a credential may send over time.</summary>
    public double Rate { get; init; } = 50;

    /// <summary>Requests it may send at once.</summary>
    public int Burst { get; init; } = 200;

    /// <summary>Inbound calls a second that one token, or one connection's webhook, may send over time; ten times as many at once.</summary>
    public double HookRate { get; init; } = 1_000;

    /// <summary>Wrong credentials that one address may send at once; after them one every two seconds.</summary>
    public int Wrong { get; init; } = 30;

    /// <summary>A proxy in front of the server ends TLS, so addresses without it are taken.</summary>
    public bool BehindProxy { get; init; }

    public bool IsConfigured => Keys || Oidc is not null;
}

/// <summary>An OpenID Connect provider.</summary>
/// <param name="Authority">Its address; its keys are found there.</param>
/// <param name="Audience">The audience a token must name.</param>
public sealed record OidcOptions(string Authority, string Audience)
{
    /// <summary>The claim that names the workspace.</summary>
    public string WorkspaceClaim { get; init; } = "flow_workspace";

    /// <summary>The claim that names the role.</summary>
    public string RoleClaim { get; init; } = "flow_role";
}
