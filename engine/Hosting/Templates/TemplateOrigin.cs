namespace WorkflowEngine.Hosting;

/// <summary>Where a template comes from.</summary>
public enum TemplateOrigin
{
    /// <summary>Ships with the program.</summary>
    BuiltIn,

    /// <summary>A folder of the workspace that is followed.</summary>
    Workspace,

    /// <summary>Uploaded.</summary>
    Uploaded,
}
