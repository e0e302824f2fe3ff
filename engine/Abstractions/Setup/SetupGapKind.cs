namespace WorkflowEngine.Abstractions;

/// <summary>What a template misses in an org.</summary>
public enum SetupGapKind
{
    /// <summary>The object does not exist or may not be seen.</summary>
    Object,

    /// <summary>The field does not exist or may not be seen.</summary>
    Field,

    /// <summary>The field exists with another type, target or a smaller length.</summary>
    Type,

    /// <summary>The field is no external id.</summary>
    ExternalId,

    /// <summary>The field is not unique.</summary>
    Unique,

    /// <summary>The running user may not write the field.</summary>
    Writable,
}
