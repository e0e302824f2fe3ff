namespace WorkflowEngine.Abstractions;

/// <summary>How a field's value is compared.</summary>
public enum Comparison
{
    /// <summary>Equal to any of the values; without values nothing is found.</summary>
    In,

    /// <summary>Equal to none of the values; without values nothing is excluded.</summary>
    NotIn,

    /// <summary>Greater than the value.</summary>
    Greater,

    /// <summary>Greater than or equal to the value.</summary>
    GreaterOrEqual,

    /// <summary>Less than the value.</summary>
    Less,

    /// <summary>Less than or equal to the value.</summary>
    LessOrEqual,

    /// <summary>Like the pattern: <c>%</c> stands for any text, <c>_</c> for one character.</summary>
    Like,

    /// <summary>Blank.</summary>
    IsNull,

    /// <summary>Not blank.</summary>
    IsNotNull,
}
