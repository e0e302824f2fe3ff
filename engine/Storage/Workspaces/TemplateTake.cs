namespace WorkflowEngine.Storage;

/// <summary>What became of content that was handed in.</summary>
public enum TemplateTake
{
    /// <summary>It is the newest already, or it was to be kept only and is.</summary>
    Unchanged,

    /// <summary>It is new.</summary>
    Added,

    /// <summary>It was there as an older version and is the newest again.</summary>
    Again,
}
