namespace WorkflowEngine.Expressions.Types;

/// <summary>The closed family of kinds a value of an expression can have.</summary>
public enum ExprKind
{
    /// <summary>Nothing is known: no check is made.</summary>
    Any,

    /// <summary>No value at all: the item type of <c>[]</c>.</summary>
    Nothing,
    Null,
    Text,
    Integer,
    Number,
    Boolean,

    /// <summary>The id of a record. Text in expressions on both sides.</summary>
    Id,

    /// <summary>An exact number (money): opaque, only <c>money.*</c> works on it.</summary>
    Decimal,

    /// <summary>A calendar day: opaque, only <c>date.*</c> works on it.</summary>
    Date,

    /// <summary>A point in time: opaque, only <c>date.*</c> works on it.</summary>
    Instant,
    Duration,

    /// <summary>One of some texts.</summary>
    Choice,
    List,
    Object,

    /// <summary>Only <c>keep</c> or <c>clear</c>.</summary>
    Marker,
}
