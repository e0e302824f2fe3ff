namespace WorkflowEngine.Simulators.Salesforce;

/// <summary>What every org begins with: users, a queue, stages, the standard price book.</summary>
internal static class OrgSeed
{
    private static readonly (string Label, decimal Probability, string Category, bool Closed, bool Won)[] Stages =
    [
        ("Prospecting", 10, "Pipeline", false, false), ("Qualification", 10, "Pipeline", false, false), ("Needs Analysis", 20, "Pipeline", false, false),
        ("Value Proposition", 50, "Pipeline", false, false), ("Id. Decision Makers", 60, "Pipeline", false, false), ("Perception Analysis", 70, "Pipeline", false, false),
        ("Proposal/Price Quote", 75, "Pipeline", false, false), ("Negotiation/Review", 90, "Commit", false, false), ("Closed Won", 100, "Closed", true, true),
        ("Closed Lost", 0, "Omitted", true, false),
    ];

    /// <summary>Answers the id of the user all calls run as.</summary>
    public static string Plant(OrgState state, Func<Dictionary<string, object?>, Dictionary<string, object?>> stamped)
    {
        var profile = Add("Profile", new() { ["Name"] = "System Administrator" });
        var integration = Person("Integration", "User", "integration@demo.example", true);
        Person("Olivia", "Owner", "olivia.owner@demo.example", true);
        Person("Gone", "Salesman", "gone.salesman@demo.example", false);
        var queue = Add("Group", new() { ["Name"] = "Customer Care", ["DeveloperName"] = "Customer_Care", ["Type"] = "Queue", ["OwnerId"] = integration });
        Add("QueueSobject", new() { ["QueueId"] = queue, ["SobjectType"] = "Case" });
        Add("QueueSobject", new() { ["QueueId"] = queue, ["SobjectType"] = "Lead" });
        Add("Pricebook2", new() { ["Name"] = "Standard Price Book", ["IsActive"] = true, ["IsStandard"] = true });
        Add("BusinessHours", new() { ["Name"] = "Default", ["IsActive"] = true, ["IsDefault"] = true, ["TimeZoneSidKey"] = "America/Boise" });
        for (var i = 0; i < Stages.Length; i++)
        {
            var (label, probability, category, closed, won) = Stages[i];
            Add("OpportunityStage", new()
            {
                ["MasterLabel"] = label, ["ApiName"] = label, ["IsActive"] = true, ["SortOrder"] = (decimal)(i + 1), ["IsClosed"] = closed, ["IsWon"] = won,
                ["DefaultProbability"] = probability, ["ForecastCategoryName"] = category,
            });
        }

        if (state.PersonAccounts)
        {
            RecordType("Business Account", "Business_Account", person: false);
            RecordType("Person Account", "PersonAccount", person: true);
        }

        return integration;

        void RecordType(string name, string developerName, bool person) => Add("RecordType", new()
        {
            ["Name"] = name, ["DeveloperName"] = developerName, ["SobjectType"] = "Account", ["IsActive"] = true, ["IsPersonType"] = person,
        });

        string Person(string first, string last, string email, bool active) => Add("User", new()
        {
            ["FirstName"] = first, ["LastName"] = last, ["Name"] = $"{first} {last}", ["Email"] = email, ["Username"] = email, ["IsActive"] = active,
            ["UserType"] = "Standard", ["ProfileId"] = profile, ["TimeZoneSidKey"] = "America/Boise", ["LocaleSidKey"] = "en_US",
        });

        string Add(string type, Dictionary<string, object?> values) => state.Create(state.Schema.Find(type)!, stamped(values), TimeSpan.Zero).Id;
    }
}
