using System.Globalization;
using WorkflowEngine.Simulators.Salesforce;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Simulators.Seeds;

/// <summary>
/// What the demonstration's company does in both systems: sellers sell, the office books and bills, technicians work, customers pay, rate and renew.
/// Nothing here knows a flow: it is people's work, and <see cref="Reconciling.Reconciliation"/> says afterwards what of it must stand where.
/// </summary>
public sealed partial class DemoWork
{
    /// <summary>Clocks of the company are always seven hours behind UTC: no table of zones is needed to say what a day is.</summary>
    public const string TimeZone = "America/Phoenix";

    private const long FirstJob = 77_000_001;
    private const long FirstMembership = 88_000_001;
    private const long FirstReview = 660_001;
    private const long Unit = 9_020;
    private const long Technician = 3_040;
    private const long JobType = 1_180;
    private const long MembershipType = 410;
    private const long Vip = 771;

    internal static readonly TimeSpan Behind = TimeSpan.FromHours(-7);

    private readonly List<DemoSale> _sales = [];
    private readonly List<DemoFeedback> _feedback = [];
    private readonly List<long> _jobs = [];
    private readonly List<long> _memberships = [];

    /// <summary>The work of the customers of <paramref name="scenario"/>, in these two systems. Sets up what both companies have before the first deployment.</summary>
    public DemoWork(DemoScenario scenario, ServiceTitanSimulator serviceTitan, SalesforceSimulator salesforce, int seed)
    {
        (Scenario, ServiceTitan, Salesforce) = (scenario, serviceTitan, salesforce);
        serviceTitan.Enter(state => new CompanyBooks(state, seed).Settings());
        Queue = salesforce.Records("Group", "Id", "Type").First(g => g["Type"] == "Queue")["Id"]!;
        Seller = salesforce.Records("User", "Id", "Username").First(u => u["Username"] == "olivia.owner@demo.example")["Id"]!;
        Tiers = [Campaign("Silver members"), Campaign("Gold members")];
        Reminders = Campaign("Renewals due", "Due", "Called");
    }

    /// <summary>The queue that takes Cases nobody owns.</summary>
    public string Queue { get; }

    public string Seller { get; }

    /// <summary>Campaigns of the two membership types.</summary>
    public IReadOnlyList<string> Tiers { get; }

    public string Reminders { get; }

    internal DemoScenario Scenario { get; }

    internal ServiceTitanSimulator ServiceTitan { get; }

    internal SalesforceSimulator Salesforce { get; }

    internal IReadOnlyList<DemoSale> Sales => _sales;

    internal IReadOnlyList<DemoFeedback> Feedback => _feedback;

    /// <summary>People of whom neither is merged away, inactive or out of reach.</summary>
    private IReadOnlyList<CustomerSeed> Workable { get; set; } = [];

    /// <summary>Before the first customer arrives: people whom only sales knows are being sold to.</summary>
    public void Prospect()
    {
        for (var i = 0; i < Math.Max(2, Scenario.Customers.Count / 50); i++)
        {
            var place = Names.Places[i % Names.Places.Length];
            var name = $"{Names.First[i % Names.First.Length]} {Names.Last[(i * 7) % Names.Last.Length]} {Text(i + 1)}";
            var account = Salesforce.AddRecord("Account", new Dictionary<string, object?>
            {
                ["Name"] = name, ["Type"] = "Residential", ["OwnerId"] = Seller, ["Phone"] = string.Create(CultureInfo.InvariantCulture, $"({place.Area}) 556-{i:0000}"),
                ["BillingStreet"] = $"{Text(1 + i)} Prospect Way", ["BillingCity"] = place.City, ["BillingState"] = place.State, ["BillingPostalCode"] = place.Zip, ["BillingCountry"] = "USA",
            });
            var contact = Salesforce.AddRecord("Contact", new Dictionary<string, object?>
            {
                ["FirstName"] = name.Split(' ')[0], ["LastName"] = string.Join(' ', name.Split(' ')[1..]), ["AccountId"] = account, ["Email"] = $"prospect.{Text(i + 1)}@example.com",
            });
            Sell(account, contact, null, i);
        }
    }

    /// <summary>The customers are there: work is booked, memberships and sales begin.</summary>
    public void Begin()
    {
        var gone = Scenario.Changes.Where(c => c is Merged or Deactivated).Select(c => c.CustomerId).ToHashSet();
        Workable = [.. Scenario.Customers.Where(c => c.Active && !gone.Contains(c.Id!.Value) && c.Contacts.Any(l => l.Type != "Fax"))];
        var accounts = Salesforce.Records("Account", "Id", DemoScenario.CustomerKey).Where(a => a[DemoScenario.CustomerKey] is not null)
            .GroupBy(a => a[DemoScenario.CustomerKey]!).ToDictionary(g => g.Key, g => g.First()["Id"]!);
        var contacts = Salesforce.Records("Contact", "Id", DemoScenario.PersonKey).Where(c => c[DemoScenario.PersonKey] is not null)
            .GroupBy(c => c[DemoScenario.PersonKey]!).ToDictionary(g => g.Key, g => g.First()["Id"]!);
        var places = new Dictionary<long, long>();
        ServiceTitan.Enter(state =>
        {
            foreach (var place in state.Locations.All.Where(l => l.Active)) places.TryAdd(place.CustomerId, place.Id);
        });
        for (var i = 0; i < Workable.Count; i++)
        {
            var id = Workable[i].Id!.Value;
            if (i % 40 == 3) ServiceTitan.EditCustomer(id, tagTypeIds: [Vip]);
            if (i % 5 == 0) Book(i, id, places[id]);
            if (i % 10 == 1) Enrol(i, id);
            if (i % 10 == 2 && accounts.TryGetValue(Text(id), out var account)) Sell(account, contacts.GetValueOrDefault($"{Text(id)}/primary"), id, i);
        }
    }

    /// <summary>The day: sales are won and lost, jobs are done or cancelled, billed, paid and rated.</summary>
    public void Day()
    {
        for (var i = 0; i < _sales.Count; i++)
        {
            var sale = _sales[i];
            if (i % 8 == 7) Salesforce.EditRecord(sale.Id, new Dictionary<string, object?> { ["StageName"] = "Closed Lost" });
            else Win(sale, i);
        }

        for (var i = 0; i < _jobs.Count; i++)
        {
            var job = _jobs[i];
            if (i % 9 == 8)
            {
                ServiceTitan.PutRecord("jobs", new Dictionary<string, object?> { ["id"] = job, ["jobStatus"] = "Canceled" });
                continue;
            }

            ServiceTitan.CompleteJob(job);
            // Some work is never billed: its value is unknown, not nothing.
            if (i % 12 != 11) Bill(job, i);
            Rate(job, i);
        }
    }

    /// <summary>What comes after: refunds, voids, adjustments, corrected ratings, renewed and ended memberships, moved and withdrawn sales, and the work that was sold.</summary>
    public void Aftermath()
    {
        Correct();
        for (var i = 0; i < _jobs.Count; i++)
        {
            if (i % 9 == 8 || i % 12 == 11) continue;
            if (i % 7 == 1) Refund(_jobs[i]);
            else if (i % 11 == 2) ServiceTitan.PutRecord("invoices", new Dictionary<string, object?> { ["id"] = InvoiceOf(_jobs[i]), ["active"] = false });
            else if (i % 13 == 3) Adjust(_jobs[i], i);
            if (i % 30 == 0) Recall(_jobs[i], i);
        }

        for (var i = 0; i < _memberships.Count; i++)
        {
            if (i % 4 == 1) ServiceTitan.PutRecord("memberships", new Dictionary<string, object?> { ["id"] = _memberships[i], ["status"] = "Canceled", ["active"] = false, ["cancellationDate"] = Today() });
            else if (i % 5 == 2) ServiceTitan.PutRecord("memberships", new Dictionary<string, object?> { ["id"] = _memberships[i], ["membershipTypeId"] = MembershipType + 1 - (i % 2) });
        }

        for (var i = 0; i < _sales.Count; i++)
        {
            var sale = _sales[i];
            if (!sale.Won) continue;
            if (i % 6 == 1)
            {
                (sale.Won, sale.TakenBack) = (false, true);
                Salesforce.EditRecord(sale.Id, new Dictionary<string, object?> { ["StageName"] = "Closed Lost" });
            }
            else if (i % 4 == 2)
            {
                sale.Day = sale.Day.AddDays(2);
                Salesforce.EditRecord(sale.Id, new Dictionary<string, object?> { ["ServiceTitan_Service_Date__c"] = Text(sale.Day) });
            }
            else if (i % 4 == 0 && JobOf(sale.Id) is { } job)
            {
                ServiceTitan.CompleteJob(job);
                Bill(job, i);
            }
        }
    }

    internal static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    internal static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.ToOffset(Behind).DateTime);

    private DateTimeOffset Now() => ServiceTitan.Clock.GetUtcNow();

    private DateTimeOffset Today() => new(Now().UtcDateTime.Date, TimeSpan.Zero);

    private string Campaign(string name, params string[] statuses)
    {
        var id = Salesforce.AddRecord("Campaign", new Dictionary<string, object?> { ["Name"] = name, ["IsActive"] = true });
        foreach (var label in statuses.Length > 0 ? statuses : ["Member", "Renewed", "Changed tier", "Cancelled", "Suspended", "Expired"])
        {
            Salesforce.AddRecord("CampaignMemberStatus", new Dictionary<string, object?> { ["CampaignId"] = id, ["Label"] = label });
        }

        return id;
    }

    private void Sell(string account, string? contact, long? customer, int i)
    {
        var type = i % 3 == 0 ? "New Customer" : null;
        var id = Salesforce.AddRecord("Opportunity", new Dictionary<string, object?>
        {
            ["Name"] = $"Sale {Text(_sales.Count + 1)}", ["AccountId"] = account, ["OwnerId"] = Seller, ["StageName"] = "Qualification", ["CloseDate"] = Text(DayOf(Now())), ["Type"] = type,
            ["Amount"] = 1_000m + i, ["Description"] = $"Heat & noise, visit {Text(i)}",
        });
        if (contact is not null)
        {
            Salesforce.AddRecord("OpportunityContactRole", new Dictionary<string, object?> { ["OpportunityId"] = id, ["ContactId"] = contact, ["IsPrimary"] = true });
        }

        _sales.Add(new DemoSale(id, account, customer, type));
    }

    private void Win(DemoSale sale, int i)
    {
        (sale.Won, sale.Day, sale.Window) = (true, DayOf(Now()).AddDays(3 + (i % 5)), i % 2 == 0 ? "Morning" : "Afternoon");
        Salesforce.EditRecord(sale.Id, new Dictionary<string, object?>
        {
            ["StageName"] = "Closed Won", ["ServiceTitan_Service_Date__c"] = Text(sale.Day), ["ServiceTitan_Service_Window__c"] = sale.Window,
        });
    }
}

/// <summary>A sale as its seller knows it.</summary>
internal sealed class DemoSale(string id, string account, long? customer, string? type)
{
    public string Id => id;

    public string Account => account;

    /// <summary>Null: nobody ServiceTitan knows when the sale begins.</summary>
    public long? Customer => customer;

    public string? Type => type;

    public bool Won { get; set; }

    public bool TakenBack { get; set; }

    public DateOnly Day { get; set; }

    public string Window { get; set; } = "";
}

/// <summary>A rating or a review as it was given; what it says now stands in ServiceTitan.</summary>
/// <param name="Key">The rating's technician and job, or the review's number.</param>
/// <param name="Job">Its job; null while nobody knows it.</param>
/// <param name="Score">Of ten.</param>
/// <param name="Low">Whether it is a complaint.</param>
internal sealed record DemoFeedback(string Key, long? Job, double Score, bool Low)
{
    public bool Standing { get; init; } = true;
}
