namespace WorkflowEngine.Api;

/// <summary>What a caller may do; each includes those before it.</summary>
public enum Role
{
    /// <summary>Reads everything but secrets and records.</summary>
    Viewer = 1,

    /// <summary>Also replays, discards, pauses, resumes, decides reviews, starts runs.</summary>
    Operator = 2,

    /// <summary>Also edits drafts, uploads templates, deploys.</summary>
    Author = 3,

    /// <summary>Also changes connections, keys and tokens, reads the audit.</summary>
    Admin = 4,
}
