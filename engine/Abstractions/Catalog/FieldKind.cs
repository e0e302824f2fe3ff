namespace WorkflowEngine.Abstractions;

/// <summary>The kinds of values a field can hold.</summary>
public enum FieldKind
{
    /// <summary>Text (<see cref="string"/>).</summary>
    Text,

    /// <summary>Long text; cannot be filtered on.</summary>
    LongText,

    /// <summary>A whole number (<see cref="long"/>).</summary>
    Integer,

    /// <summary>A number (<see cref="double"/>).</summary>
    Number,

    /// <summary>An exact decimal such as money (<see cref="decimal"/>).</summary>
    Decimal,

    /// <summary>True or false (<see cref="bool"/>).</summary>
    Boolean,

    /// <summary>A calendar day (<see cref="DateOnly"/>).</summary>
    Date,

    /// <summary>A moment in UTC (<see cref="DateTimeOffset"/>).</summary>
    Instant,

    /// <summary>A length of time (<see cref="TimeSpan"/>).</summary>
    Duration,

    /// <summary>One of named texts (<see cref="FieldType.Choices"/>).</summary>
    Choice,

    /// <summary>The id of a record of <see cref="FieldType.Entity"/>; text in the engine whatever it is on the wire.</summary>
    Id,

    /// <summary>A web address (text).</summary>
    Url,

    /// <summary>An e-mail address (text).</summary>
    Email,

    /// <summary>A phone number (text).</summary>
    Phone,

    /// <summary>A list of <see cref="FieldType.Item"/>.</summary>
    List,

    /// <summary>An object with <see cref="FieldType.Fields"/>.</summary>
    Object,

    /// <summary>Anything; not checked.</summary>
    Any,
}
