namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>What all ServiceTitan records have, and what the export feeds need to order them.</summary>
internal abstract class Row
{
    public required long Id { get; init; }

    public bool Active { get; set; } = true;

    public DateTimeOffset CreatedOn { get; set; }

    public DateTimeOffset ModifiedOn { get; set; }

    /// <summary>When the record was really written; <see cref="ModifiedOn"/> of a seeded record may lie far back.</summary>
    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>Place in the export feed: moves to the end with every change.</summary>
    public long Sequence { get; set; }

    /// <summary>Reads do not see the record before this instant.</summary>
    public DateTimeOffset VisibleAt { get; set; }
}

internal sealed class Customer : Row
{
    public string Name { get; set; } = "";

    public string Type { get; set; } = "Residential";

    public Address Address { get; set; } = Address.None;

    public SortedDictionary<long, string> CustomFields { get; } = [];

    public decimal Balance { get; set; }

    public bool TaxExempt { get; set; }

    public List<long> TagTypeIds { get; set; } = [];

    public bool DoNotMail { get; set; }

    public bool DoNotService { get; set; }

    public bool NationalAccount { get; set; }

    public long? MergedToId { get; set; }

    /// <summary>The latest change that was not one of the balance.</summary>
    public DateTimeOffset EditedOn { get; set; }

    public long? PaymentTermId { get; set; }

    public decimal? CreditLimit { get; set; }

    public decimal? CreditLimitBalance { get; set; }

    public ExternalData ExternalData { get; } = new();
}

internal sealed class Location : Row
{
    public required long CustomerId { get; set; }

    public long? MergedToId { get; set; }

    public long? TaxZoneId { get; set; }

    public string Name { get; set; } = "";

    public Address Address { get; set; } = Address.None;

    public SortedDictionary<long, string> CustomFields { get; } = [];

    public List<long> TagTypeIds { get; set; } = [];

    public ExternalData ExternalData { get; } = new();
}

/// <summary>One phone, e-mail or fax of a customer or of a location.</summary>
internal sealed class ContactLine : Row
{
    /// <summary>The customer or the location.</summary>
    public required long OwnerId { get; set; }

    public string Type { get; set; } = "Phone";

    public string Value { get; set; } = "";

    public string? Memo { get; set; }

    public (bool JobReminders, bool MarketingUpdates, bool InvoiceStatements) Preferences { get; set; } = (true, true, true);

    public string Digits => Type is "Email" ? "" : string.Concat(Value.Where(char.IsAsciiDigit));
}

internal sealed class TagType : Row
{
    public string Name { get; set; } = "";

    public string Color { get; set; } = "#4477aa";

    public string Code { get; set; } = "";

    public string? Importance { get; set; }

    public bool IsConversionOpportunity { get; set; }

    public bool AllowToUseOnTimesheetActivity { get; set; }

    public bool IsVisibleOnDispatchBoard { get; set; } = true;
}
