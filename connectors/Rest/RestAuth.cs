namespace WorkflowEngine.Rest;

/// <summary>How a connection signs in.</summary>
internal enum RestAuth
{
    None,

    /// <summary>A token that does not change.</summary>
    Bearer,

    Basic,

    /// <summary>A key in a header of the system's choice.</summary>
    Header,

    /// <summary>OAuth 2.0 client credentials.</summary>
    ClientCredentials,
}
