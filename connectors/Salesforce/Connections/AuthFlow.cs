namespace WorkflowEngine.Salesforce;

/// <summary>How a connection authenticates.</summary>
internal enum AuthFlow
{
    /// <summary>As the integration user of the app; My Domain only.</summary>
    ClientCredentials,

    /// <summary>With a token a person granted.</summary>
    RefreshToken,

    /// <summary>With an assertion signed by the app's key, as a named user.</summary>
    JwtBearer,
}
