namespace WorkflowEngine.Abstractions;

/// <summary>What a write does.</summary>
public enum WriteVerb
{
    /// <summary>Makes a record.</summary>
    Create,

    /// <summary>Changes the record with <see cref="WriteItem.Id"/>.</summary>
    Update,

    /// <summary>Changes or makes the record whose <see cref="WriteBatch.KeyField"/> equals <see cref="WriteItem.Key"/>.</summary>
    Upsert,

    /// <summary>Deletes the record with <see cref="WriteItem.Id"/>.</summary>
    Delete,
}
