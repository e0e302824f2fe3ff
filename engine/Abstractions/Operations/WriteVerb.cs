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

    /// <summary>Joins the records <see cref="WriteItem.Absorb"/> into the record with <see cref="WriteItem.Id"/>, which gets <see cref="WriteItem.Fields"/>. Their children move to it; they are gone afterwards. Doing it again is no error.</summary>
    Merge,

    /// <summary>Takes the deleted record with <see cref="WriteItem.Id"/> back. One that is not deleted stays as it is: doing it again is no error.</summary>
    Restore,
}
