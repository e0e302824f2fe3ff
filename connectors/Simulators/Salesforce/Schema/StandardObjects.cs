namespace WorkflowEngine.Simulators.Salesforce.Schema;

/// <summary>The standard objects. One line is one field: name, type, length or targets, then flags.</summary>
internal static class StandardObjects
{
    private const string Text = """
        Organization 00D
        Name string 80 name readonly
        InstanceName string 5 readonly
        OrganizationType picklist 40 readonly
        IsSandbox boolean readonly

        User 005
        Name string 121 name readonly
        Username string 80 required idLookup
        Email email 128 required
        FirstName string 40
        LastName string 80 required
        Alias string 8
        IsActive boolean default=true
        UserType picklist 40 readonly
        TimeZoneSidKey picklist 40
        LocaleSidKey picklist 40
        ManagerId reference User Manager DelegatedUsers
        CompanyName string 80
        Department string 80
        Title string 80
        Phone phone 40
        MobilePhone phone 40
        LanguageLocaleKey picklist 40
        EmailEncodingKey picklist 40
        EmployeeNumber string 20
        FederationIdentifier string 512

        Account 001
        MasterRecordId reference Account MasterRecord - readonly
        Name string 255 required name
        Type picklist 255 Prospect|Customer - Direct|Customer - Channel|Other
        ParentId reference Account Parent ChildAccounts
        BillingStreet textarea 255
        BillingCity string 40
        BillingState string 80
        BillingPostalCode string 20
        BillingCountry string 80
        BillingAddress address readonly
        ShippingStreet textarea 255
        ShippingCity string 40
        ShippingState string 80
        ShippingPostalCode string 20
        ShippingCountry string 80
        ShippingAddress address readonly
        Phone phone 40
        Fax phone 40
        AccountNumber string 40
        Website url 255
        Industry picklist 255 Agriculture|Construction|Education|Energy|Engineering|Healthcare|Hospitality|Retail|Other
        AnnualRevenue currency 18,0
        NumberOfEmployees int 8
        Ownership picklist 255 Public|Private|Subsidiary|Other
        Description textarea 32000
        Rating picklist 255 Hot|Warm|Cold
        Site string 80
        Sic string 20
        SicDesc string 80
        TickerSymbol string 20
        LastActivityDate date readonly
        AccountSource picklist 255 Web|Phone Inquiry|Partner Referral|Purchased List|Other
        OwnerId reference User Owner - owner

        Contact 003
        MasterRecordId reference Contact MasterRecord - readonly
        AccountId reference Account Account Contacts cascade
        LastName string 80 required
        FirstName string 40
        Salutation picklist 40 Mr.|Ms.|Mrs.|Dr.|Prof.|Mx.
        MiddleName string 40
        Suffix string 40
        Name string 121 name readonly
        MailingStreet textarea 255
        MailingCity string 40
        MailingState string 80
        MailingPostalCode string 20
        MailingCountry string 80
        MailingAddress address readonly
        Phone phone 40
        Fax phone 40
        MobilePhone phone 40
        HomePhone phone 40
        OtherPhone phone 40
        AssistantPhone phone 40
        AssistantName string 40
        OtherStreet textarea 255
        OtherCity string 40
        OtherState string 80
        OtherPostalCode string 20
        OtherCountry string 80
        OtherAddress address readonly
        ReportsToId reference Contact ReportsTo -
        Email email 80 idLookup
        Title string 128
        Department string 80
        LeadSource picklist 255 Web|Phone Inquiry|Partner Referral|Purchased List|Other
        Birthdate date
        Description textarea 32000
        HasOptedOutOfEmail boolean default=false
        HasOptedOutOfFax boolean default=false
        DoNotCall boolean default=false
        LastActivityDate date readonly
        EmailBouncedReason string 255
        EmailBouncedDate datetime
        IsEmailBounced boolean readonly
        OwnerId reference User Owner - owner

        Opportunity 006
        AccountId reference Account Account Opportunities cascade
        Name string 120 required name idLookup
        Description textarea 32000
        StageName picklist 255 required Prospecting|Qualification|Needs Analysis|Value Proposition|Id. Decision Makers|Perception Analysis|Proposal/Price Quote|Negotiation/Review|Closed Won|Closed Lost
        Amount currency 18,2
        Probability percent 3,0 defaulted
        ExpectedRevenue currency 18,2 readonly
        CloseDate date required
        Type picklist 255 Existing Business|New Business
        NextStep string 255
        LeadSource picklist 255 Web|Phone Inquiry|Partner Referral|Purchased List|Other
        IsClosed boolean readonly
        IsWon boolean readonly
        CampaignId reference Campaign Campaign Opportunities
        HasOpportunityLineItem boolean readonly
        ForecastCategoryName picklist 40 defaulted Pipeline|Best Case|Commit|Omitted|Closed
        LastActivityDate date readonly
        LastStageChangeDate datetime readonly
        OwnerId reference User Owner - owner

        Case 500
        CaseNumber string 30 name idLookup autonumber readonly
        ContactId reference Contact Contact Cases
        AccountId reference Account Account Cases
        ParentId reference Case Parent Cases
        SuppliedName string 80
        SuppliedEmail email 80
        SuppliedPhone string 40
        SuppliedCompany string 80
        ClosedDate datetime readonly
        ContactEmail email 80 readonly
        ContactPhone phone 40 readonly
        ContactMobile phone 40 readonly
        ContactFax phone 40 readonly
        Type picklist 255 Mechanical|Electrical|Electronic|Structural|Other
        Status picklist 255 default=New New|Working|Escalated|Closed
        Reason picklist 255 Installation|Equipment Complexity|Performance|Breakdown|Feedback|Other
        Origin picklist 255 Phone|Email|Web
        Subject string 255
        Priority picklist 255 default=Medium High|Medium|Low
        Description textarea 32000
        IsClosed boolean readonly
        IsEscalated boolean default=false
        OwnerId reference User Owner - owner

        Task 00T
        WhoId reference Contact Who Tasks
        WhatId reference Account,Opportunity,Case,Campaign What Tasks
        Subject string 255 name
        ActivityDate date
        IsClosed boolean readonly
        IsHighPriority boolean readonly
        Status picklist 255 default=Not_Started Not Started|In Progress|Completed|Waiting on someone else|Deferred
        Priority picklist 255 default=Normal High|Normal|Low
        Description textarea 32000
        OwnerId reference User Owner - owner

        Campaign 701
        Name string 80 required name
        ParentId reference Campaign Parent ChildCampaigns
        Type picklist 255 Conference|Webinar|Direct Mail|Email|Referral Program|Other
        Status picklist 255 default=Planned Planned|In Progress|Completed|Aborted
        StartDate date
        EndDate date
        BudgetedCost currency 18,0
        ActualCost currency 18,0
        ExpectedResponse percent 8,2
        NumberSent double 18,0
        ExpectedRevenue currency 18,0
        IsActive boolean default=false
        Description textarea 32000
        OwnerId reference User Owner - owner
        """;

    public static IEnumerable<ObjectDefinition> Build()
    {
        ObjectDefinition? current = null;
        foreach (var line in Text.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.Length == 0)
            {
                continue;
            }

            var words = line.Split(' ');
            if (words.Length == 2 && words[1].Length == 3 && words[1] != "int")
            {
                if (current is not null)
                {
                    yield return WithSystemFields(current);
                }

                current = New(words[0], words[1], custom: false);
                continue;
            }

            current!.Add(Field(words));
        }

        yield return WithSystemFields(current!);
    }

    public static ObjectDefinition NewCustom(string name, string keyPrefix)
    {
        var definition = New(name, keyPrefix, custom: true);
        definition.Add(new FieldDefinition { Name = "Name", Label = "Name", Type = "string", Length = 80, Nillable = false, NameField = true });
        definition.Add(Field("OwnerId reference User Owner - owner".Split(' ')));
        return WithSystemFields(definition);
    }

    private static ObjectDefinition New(string name, string keyPrefix, bool custom)
    {
        var definition = new ObjectDefinition(name, keyPrefix, custom);
        definition.Add(new FieldDefinition
        {
            Name = "Id", Label = $"{definition.Label} ID", Type = "id", Length = 18, Nillable = false, Createable = false, Updateable = false,
            DefaultedOnCreate = true, IdLookup = true,
        });
        return definition;
    }

    private static ObjectDefinition WithSystemFields(ObjectDefinition definition)
    {
        if (definition.Name != "User")
        {
            definition.Add(System("IsDeleted", "boolean"));
        }

        definition.Add(System("CreatedDate", "datetime"));
        definition.Add(System("CreatedById", "reference") with { ReferenceTo = ["User"], RelationshipName = "CreatedBy" });
        definition.Add(System("LastModifiedDate", "datetime"));
        definition.Add(System("LastModifiedById", "reference") with { ReferenceTo = ["User"], RelationshipName = "LastModifiedBy" });
        definition.Add(System("SystemModstamp", "datetime"));
        return definition;

        static FieldDefinition System(string name, string type) => new()
        {
            Name = name, Label = name, Type = type, Length = type == "reference" ? 18 : 0, Nillable = false, Createable = false, Updateable = false,
            DefaultedOnCreate = true,
        };
    }

    private static FieldDefinition Field(string[] words)
    {
        var (name, type) = (words[0], words[1]);
        var rest = words[2..].ToList();
        var field = new FieldDefinition { Name = name, Type = type, Label = Label(name) };
        if (type is "reference")
        {
            field = field with
            {
                Length = 18, ReferenceTo = rest[0].Split(','), RelationshipName = rest[1], ChildRelationship = rest is [_, _, not "-", ..] ? rest[2] : null,
            };
            rest.RemoveRange(0, Math.Min(3, rest.Count));
        }
        else if (rest.Count > 0 && char.IsAsciiDigit(rest[0][0]))
        {
            var numbers = rest[0].Split(',').Select(int.Parse).ToArray();
            field = numbers.Length == 2 ? field with { Precision = numbers[0], Scale = numbers[1] }
                : type is "int" ? field with { Precision = numbers[0] } : field with { Length = numbers[0] };
            rest.RemoveAt(0);
        }

        while (rest.Count > 0 && Flag(ref field, rest[0]))
        {
            rest.RemoveAt(0);
        }

        return rest.Count == 0 ? field : field with { Picklist = string.Join(' ', rest).Split('|') };
    }

    private static bool Flag(ref FieldDefinition field, string word)
    {
        field = word switch
        {
            "required" => field with { Nillable = false },
            "name" => field with { NameField = true },
            "idLookup" => field with { IdLookup = true },
            "readonly" => field with { Createable = false, Updateable = false, DefaultedOnCreate = true },
            "autonumber" => field with { AutoNumber = true },
            "cascade" => field with { CascadeDelete = true },
            "defaulted" => field with { DefaultedOnCreate = true },
            "owner" => field with { Nillable = false, DefaultedOnCreate = true },
            "default=true" => field with { Default = true, DefaultedOnCreate = true, Nillable = false },
            "default=false" => field with { Default = false, DefaultedOnCreate = true, Nillable = false },
            _ when word.StartsWith("default=", StringComparison.Ordinal) =>
                field with { Default = word[8..].Replace('_', ' '), DefaultedOnCreate = true },
            _ => field,
        };
        return word is "required" or "name" or "idLookup" or "readonly" or "autonumber" or "cascade" or "defaulted" or "owner"
            || word.StartsWith("default=", StringComparison.Ordinal);
    }

    /// <summary><c>BillingPostalCode</c> is labelled <c>Billing Postal Code</c>; ids drop their suffix.</summary>
    private static string Label(string name)
    {
        var isId = name.EndsWith("Id", StringComparison.Ordinal);
        var stem = isId ? name[..^2] : name;
        return string.Concat(stem.Select((c, i) => i > 0 && char.IsUpper(c) && char.IsLower(stem[i - 1]) ? $" {c}" : $"{c}")) + (isId ? " ID" : "");
    }
}
