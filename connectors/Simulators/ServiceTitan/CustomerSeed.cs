namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>A customer as a person in the office would enter it; also how seeds describe one.</summary>
public sealed record CustomerSeed
{
    /// <summary>Null takes the next free id.</summary>
    public long? Id { get; init; }

    public required string Name { get; init; }

    /// <summary><c>Residential</c> or <c>Commercial</c>.</summary>
    public string Type { get; init; } = "Residential";

    public Address Address { get; init; } = Address.None;

    public IReadOnlyList<ContactSeed> Contacts { get; init; } = [];

    public IReadOnlyList<long> TagTypeIds { get; init; } = [];

    public bool Active { get; init; } = true;

    /// <summary>Null is now.</summary>
    public DateTimeOffset? CreatedOn { get; init; }
}

/// <summary>A contact line: type is <c>Phone</c>, <c>MobilePhone</c>, <c>Email</c> or <c>Fax</c>.</summary>
public sealed record ContactSeed(string Type, string Value, string? Memo = null);
