namespace WorkflowEngine.Hosting;

/// <summary>Differences of an object's fields that can break a flow.</summary>
public enum SchemaChangeKind
{
    /// <summary>The field is gone, or hidden from the running user.</summary>
    Gone,

    /// <summary>The field has another type or points at another object.</summary>
    Type,

    /// <summary>The field takes fewer characters or digits.</summary>
    Shorter,

    /// <summary>Values of a restricted list are no longer taken.</summary>
    Choices,

    /// <summary>New records need the field now.</summary>
    Required,

    /// <summary>The running user may no longer write the field.</summary>
    Writable,

    /// <summary>The field can no longer stand in a condition.</summary>
    Filterable,

    /// <summary>The field is no external id, or not unique, any more.</summary>
    Key,
}
