namespace WorkflowEngine.Simulators.Salesforce.Rows.Objects;

/// <summary>Accounts: no circle of parents; a person account has a name made of its parts and a contact of its own.</summary>
internal sealed class AccountRules : ObjectRules
{
    private static readonly (string Account, string Contact)[] Shared =
    [
        ("FirstName", "FirstName"), ("LastName", "LastName"), ("Salutation", "Salutation"), ("PersonEmail", "Email"), ("PersonMobilePhone", "MobilePhone"),
        ("PersonHomePhone", "HomePhone"), ("Phone", "Phone"), ("PersonTitle", "Title"), ("PersonBirthdate", "Birthdate"), ("PersonMailingStreet", "MailingStreet"),
        ("PersonMailingCity", "MailingCity"), ("PersonMailingState", "MailingState"), ("PersonMailingPostalCode", "MailingPostalCode"),
        ("PersonMailingCountry", "MailingCountry"),
    ];

    public override void Prepare(RowChange row)
    {
        if (!row.State.PersonAccounts)
        {
            return;
        }

        if (row.IsNew)
        {
            var types = row.State.All(row.State.Schema.Find("RecordType")!);
            var given = row.Parent("RecordTypeId");
            var person = given is not null ? given.Values.GetValueOrDefault("IsPersonType") is true : row.Text("LastName") is not null;
            row.Values["IsPersonAccount"] = person;
            if (given is null)
            {
                row.Values["RecordTypeId"] = types.FirstOrDefault(t => t.Text("SobjectType") == "Account" && (t.Values.GetValueOrDefault("IsPersonType") is true) == person)?.Id;
            }
        }

        if (row.Flag("IsPersonAccount") && row.Text("LastName") is { } last)
        {
            row.Values["Name"] = row.Text("FirstName") is { } first ? $"{first} {last}" : last;
        }
    }

    public override RowError? Before(RowChange row)
    {
        if (row.Flag("IsPersonAccount") && row.Text("LastName") is null)
        {
            return new RowError("REQUIRED_FIELD_MISSING", "Required fields are missing: [LastName]", ["LastName"]);
        }

        if (!row.Flag("IsPersonAccount") && row.State.PersonAccounts && (row.Text("LastName") ?? row.Text("FirstName") ?? row.Text("PersonEmail")) is not null)
        {
            return new RowError("INVALID_FIELD_FOR_INSERT_UPDATE", "Account: bad field names on insert/update call: LastName", ["LastName"]);
        }

        // Up to the root; a circle would come back to the record itself.
        var at = row.Sets("ParentId") && row.Existing is not null ? row.Parent("ParentId") : null;
        for (var hops = 0; at is not null && hops < 1_000; hops++)
        {
            if (at == row.Existing)
            {
                return new RowError("CIRCULAR_DEPENDENCY", $"attempt to violate hierarchy constraints: {at.Id}", ["ParentId"]);
            }

            at = at.Text("ParentId") is { } up ? row.State.Find(up) : null;
        }

        return null;
    }

    public override void After(RowChange row, OrgRecord record)
    {
        if (!row.Flag("IsPersonAccount"))
        {
            return;
        }

        var values = Shared.Where(s => row.Sets(s.Account)).ToDictionary(s => s.Contact, s => row.Values[s.Account]);
        foreach (var (name, value) in row.Values.Where(v => v.Key.EndsWith("__pc", StringComparison.Ordinal)))
        {
            values[$"{name[..^4]}__c"] = value;
        }

        values["Name"] = row.Text("Name");
        if (record.Text("PersonContactId") is { } id && row.State.Find(id) is { } contact)
        {
            row.Writer.Touch(contact, values);
            return;
        }

        values["AccountId"] = record.Id;
        values["OwnerId"] = row.Text("OwnerId");
        values["IsPersonAccount"] = true;
        row.State.Update(record, new Dictionary<string, object?> { ["PersonContactId"] = row.Writer.Make(row.Context, "Contact", values).Id });
    }
}
