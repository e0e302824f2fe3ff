namespace WorkflowEngine.Runtime;

/// <summary>What a stored value is; the numbers are part of the format.</summary>
internal enum ValueTag : byte
{
    Null = 0,
    Text = 1,
    True = 2,
    False = 3,
    Long = 4,
    Double = 5,
    Decimal = 6,
    Date = 7,
    Instant = 8,
    Duration = 9,
    List = 10,
    Record = 11,
    Parent = 12,

    /// <summary>The value of an earlier slot: a record that stands in two slots is stored once.</summary>
    Same = 13,
}
