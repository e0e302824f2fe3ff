namespace WorkflowEngine.Abstractions;

/// <summary>The kinds of batches.</summary>
public enum BatchKind
{
    /// <summary>Reads.</summary>
    Read,

    /// <summary>Creates.</summary>
    Create,

    /// <summary>Updates.</summary>
    Update,

    /// <summary>Upserts.</summary>
    Upsert,

    /// <summary>Deletes.</summary>
    Delete,

    /// <summary>Named operations.</summary>
    Call,

    /// <summary>Merges.</summary>
    Merge,

    /// <summary>Sums.</summary>
    Aggregate,
}
