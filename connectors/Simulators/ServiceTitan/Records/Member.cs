namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>How a member looks on the wire.</summary>
internal enum MemberKind
{
    Id,
    Integer,
    /// <summary>A decimal written as text, as accounting answers do.</summary>
    Money,
    Decimal,
    Real,
    Text,
    Flag,
    Time,
    List,
    Object,
    /// <summary><c>typeId</c>, <c>name</c>, <c>value</c>.</summary>
    Custom,
    /// <summary><c>name</c>, <c>value</c>, as invoices and payments have it.</summary>
    Named,
    External,
}

/// <summary>One member of a record or of a body.</summary>
internal sealed record Member(string Name, MemberKind Kind)
{
    /// <summary>May be null on the wire; a body may leave it out anyway.</summary>
    public bool Null { get; init; }

    /// <summary>A body must hold it.</summary>
    public bool Required { get; init; }

    /// <summary>The kind of record the id names; a body that names none that exists is refused.</summary>
    public string? Of { get; init; }

    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Written where the record holds no value.</summary>
    public string? Default { get; init; }

    /// <summary>Of an object.</summary>
    public IReadOnlyList<Member> Members { get; init; } = [];

    /// <summary>Of a list.</summary>
    public Member? Item { get; init; }
}
