using System.Globalization;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Simulators.Seeds;

/// <summary>
/// What a home-services company has beside its customers: units, people, kinds of work, and per customer a year of jobs with visits, invoices, payments, memberships, ratings and reviews.
/// The books are right: every invoice is the sum of its lines, every balance what payments leave open.
/// </summary>
internal sealed class CompanyBooks(TenantState state, int seed)
{
    private const long Unit = 9_020;
    private const long Technician = 3_040;
    private const long JobType = 1_180;
    private const long Campaign = 650;
    private const long MembershipType = 410;
    private const long Billing = 4_100;
    private const decimal TaxRate = 0.06m;

    private static readonly (string Name, decimal Price, long Unit)[] Work =
    [
        ("Water Heater Repair", 178.30m, 0), ("Drain Cleaning", 129.00m, 0), ("Leak Detection", 219.50m, 0), ("Furnace Tune-Up", 99.00m, 1), ("AC Installation", 4_850.00m, 1), ("Panel Upgrade", 1_975.25m, 2),
    ];

    private static readonly string[] JobUnits = ["Plumbing Service", "Heating and Air", "Electrical"];

    private static readonly string[] Words = ["Friendly and on time.", "Came late and left a leak.", "Fair price, clean work.", "No call back for three days.", "Would book again."];

    private readonly Random _random = new(seed * 31 + 7);
    private readonly DateTimeOffset _today = new(state.Now.UtcDateTime.Date, TimeSpan.Zero);

    /// <summary>What jobs refer to; entered once.</summary>
    public void Settings()
    {
        var opened = _today.AddYears(-6);
        Many(JobUnits, (i, name) => Enter(SettingsKinds.BusinessUnits, Unit + i, opened, ("name", name), ("currency", "USD"), ("defaultTaxRate", TaxRate)));
        Many(Names.First[..8], (i, first) => Enter(
            SettingsKinds.Technicians, Technician + i, opened, ("name", $"{first} {Names.Last[i * 3 % Names.Last.Length]}"), ("firstName", first), ("businessUnitId", Unit + (i % 3)), ("status", "Idle"), ("email", $"{first}@company.example.com".ToLowerInvariant())));
        Many(["Mara Lind", "Otis Brandt", "Yuki Adler"], (i, name) => Enter(SettingsKinds.Employees, 500 + i, opened, ("name", name), ("role", i == 0 ? "Dispatch" : "GeneralOffice"), ("email", $"office{i}@company.example.com")));
        Many([.. Work.Select(w => w.Name)], (i, name) => Enter(JobKinds.JobTypes, JobType + i, opened, ("name", name), ("duration", 7_200L), ("summary", name)));
        Many(["Online", "Referral"], (i, name) => Enter(SettingsKinds.CampaignCategories, 70 + i, opened, ("name", name)));
        Many(["Website", "Google Ads", "Neighbours"], (i, name) => Enter(SettingsKinds.Campaigns, Campaign + i, opened, ("name", name), ("businessUnitId", Unit), ("categoryId", 70L + (i == 2 ? 1 : 0)), ("source", name)));
        Many(["Customer changed their mind", "Booked twice", "No longer won"], (i, name) => Enter(JobKinds.CancelReasons, 10 + i, opened, ("name", name)));
        Many(["Waiting for parts", "Waiting for the customer"], (i, name) => Enter(JobKinds.HoldReasons, 20 + i, opened, ("name", name)));
        Many(["Cash", "Check", "Credit Card"], (i, name) => Enter(AccountingKinds.PaymentTypes, 1 + i, opened, ("name", name)));
        Many(["Silver Plan", "Gold Plan"], (i, name) =>
        {
            Enter(MembershipKinds.MembershipTypes, MembershipType + i, opened, ("name", name), ("displayName", name), ("discount", 5m * (i + 1)));
            Enter(MembershipKinds.DurationBillings, Billing + i, opened, ("membershipTypeId", MembershipType + i), ("saleTaskId", 5_500L + i), ("duration", 12L), ("billingFrequency", "Annual"), ("salePrice", 120m * (i + 1)), ("billingPrice", 0m), ("renewalPrice", 110m * (i + 1)));
        });
        foreach (var (id, name) in new[] { (771L, "VIP"), (772L, "Landlord") })
        {
            if (!state.TagTypes.Has(id))
            {
                state.TagTypes.Add(new TagType { Id = id, Name = name, CreatedOn = opened, ModifiedOn = opened }, state.Now, TimeSpan.Zero);
            }
        }
    }

    /// <summary>One customer's year.</summary>
    public void Customer(Customer customer, Location location)
    {
        var membership = _random.Next(5) == 0 ? Membership(customer) : null;
        for (var jobs = _random.Next(4); jobs > 0; jobs--)
        {
            Job(customer, location, membership);
        }
    }

    private void Job(Customer customer, Location location, Record? membership)
    {
        var kind = _random.Next(Work.Length);
        var start = _today.AddDays(-_random.Next(-14, 365)).AddHours(13 + _random.Next(8));
        var booked = Earlier(start, state.Now).AddDays(-1 - _random.Next(10));
        var status = start > state.Now ? "Scheduled" : _random.Next(12) == 0 ? "Canceled" : "Completed";
        var (technician, id) = (Technician + (Work[kind].Unit * 2) + _random.Next(3), state.NextId());
        var (visit, invoice) = (state.NextId(), state.NextId());
        var number = id.ToString(CultureInfo.InvariantCulture);
        var done = status == "Completed" ? start.AddHours(2) : (DateTimeOffset?)null;
        Enter(JobKinds.Jobs, id, booked, done ?? booked,
            ("jobNumber", number), ("customerId", customer.Id), ("locationId", location.Id), ("jobStatus", status), ("completedOn", done), ("businessUnitId", Unit + Work[kind].Unit), ("jobTypeId", JobType + kind),
            ("priority", _random.Next(6) == 0 ? "High" : "Normal"), ("campaignId", Campaign + _random.Next(3)), ("invoiceId", invoice), ("summary", $"{Work[kind].Name} at {location.Address.Street}"), ("membershipId", membership?.Id),
            ("soldById", technician));
        Enter(JobKinds.Appointments, visit, booked, done ?? booked,
            ("jobId", id), ("appointmentNumber", $"{number}-1"), ("start", start), ("end", start.AddHours(2)), ("arrivalWindowStart", start), ("arrivalWindowEnd", start.AddHours(2)),
            ("status", status == "Completed" ? "Done" : status));
        Enter(JobKinds.Assignments, state.NextId(), booked, done ?? booked,
            ("jobId", id), ("appointmentId", visit), ("technicianId", technician), ("assignedOn", booked), ("status", done is null ? "Scheduled" : "Done"));
        if (status == "Canceled")
        {
            Enter(JobKinds.CanceledLogs, state.NextId(), booked, ("jobId", id), ("reasonId", 10L + _random.Next(3)), ("memo", "Called in."));
        }

        Invoice(customer, location, kind, id, invoice, number, done, booked, technician);
        if (done is { } at)
        {
            Feedback(customer, id, technician, at);
        }
    }

    private void Invoice(Customer customer, Location location, int kind, long job, long id, string number, DateTimeOffset? done, DateTimeOffset booked, long technician)
    {
        var items = done is null || _random.Next(15) == 0 ? 0 : 1 + _random.Next(3);
        decimal subTotal = 0;
        for (var order = 1; order <= items; order++)
        {
            var (price, quantity) = order == 1 ? (Work[kind].Price, 1m) : (Math.Round(5 + ((decimal)_random.NextDouble() * 80), 2), 1 + _random.Next(3));
            subTotal += price * quantity;
            Enter(AccountingKinds.InvoiceItems, state.NextId(), done!.Value,
                ("invoiceId", id), ("order", (long)order), ("type", order == 1 ? "Service" : "Material"), ("skuId", 5_000L + (kind * 10) + order), ("skuName", order == 1 ? $"SVC-{kind}" : $"PART-{order}"), ("displayName", order == 1 ? Work[kind].Name : "Parts"),
                ("description", order == 1 ? Work[kind].Name : "Parts"), ("quantity", quantity), ("price", price), ("total", price * quantity), ("cost", Math.Round(price * 0.4m, 2)), ("technicianId", technician));
        }

        var tax = Math.Round(subTotal * TaxRate, 2, MidpointRounding.AwayFromZero);
        var total = subTotal + tax;
        // Most are paid in full, some in part, some not yet.
        var paid = total == 0 ? 0 : _random.Next(10) switch { < 7 => total, < 9 => Math.Round(total / 2, 2), _ => 0 };
        var day = done is { } at ? new DateTimeOffset(at.UtcDateTime.Date, TimeSpan.Zero) : (DateTimeOffset?)null;
        Enter(AccountingKinds.Invoices, id, booked, done ?? booked,
            ("jobId", job), ("customerId", customer.Id), ("locationId", location.Id), ("businessUnitId", Unit + Work[kind].Unit), ("referenceNumber", number), ("invoiceDate", day), ("dueDate", day?.AddDays(30)),
            ("subTotal", subTotal), ("salesTax", tax), ("total", total), ("balance", total - paid), ("taxRate", TaxRate), ("discountTotal", 0m), ("syncStatus", done is null ? "Pending" : "Posted"), ("termName", "Due upon receipt"),
            ("createdBy", "system"), ("paidOn", paid == total && total > 0 ? done!.Value.AddDays(1) : null), ("invoiceConfiguration", "JobInvoice"));
        if (paid > 0)
        {
            var use = new Dictionary<string, object?> { ["appliedId"] = state.NextId(), ["appliedTo"] = id, ["appliedAmount"] = paid, ["appliedOn"] = done!.Value.AddDays(1), ["appliedBy"] = "Mara Lind" };
            Enter(AccountingKinds.Payments, state.NextId(), done.Value.AddDays(1),
                ("customerId", customer.Id), ("businessUnitId", Unit + Work[kind].Unit), ("typeId", 1L + _random.Next(3)), ("total", paid), ("date", done.Value.AddDays(1)), ("createdBy", "Mara Lind"), ("referenceNumber", $"P-{number}"),
                ("syncStatus", "Posted"), ("appliedTo", new List<object?> { use }), ("invoiceIds", new List<object?> { id }));
        }

        customer.Balance += total - paid;
    }

    private Record Membership(Customer customer)
    {
        var type = _random.Next(2);
        var from = _today.AddDays(-_random.Next(700));
        var to = from.AddMonths(12);
        var (status, active) = to < _today ? ("Expired", false) : _random.Next(10) == 0 ? ("Canceled", false) : ("Active", true);
        return Enter(MembershipKinds.Memberships, state.NextId(), from,
            ("customerId", customer.Id), ("membershipTypeId", MembershipType + type), ("businessUnitId", Unit), ("from", from), ("to", to), ("duration", 12L), ("renewalDuration", 12L), ("billingFrequency", "Annual"),
            ("status", status), ("active", active), ("followUpOn", to.AddDays(-30)), ("cancellationDate", status == "Canceled" ? _today.AddDays(-3) : null), ("soldById", Technician));
    }

    private void Feedback(Customer customer, long job, long technician, DateTimeOffset done)
    {
        var mood = _random.Next(10);
        if (_random.Next(3) == 0)
        {
            Enter(FeedbackKinds.TechnicianRatings, state.NextId(), done.AddHours(3), ("technicianId", technician), ("jobId", job), ("rating", mood < 2 ? 1.0 + mood : 6.0 + (mood % 5)));
        }

        if (_random.Next(6) == 0)
        {
            Enter(FeedbackKinds.Reviews, state.NextId(), done.AddDays(1),
                ("platform", _random.Next(3) == 0 ? "Yelp" : "Google"), ("rating", mood < 2 ? 1.0 + mood : 4.0 + (mood % 2)), ("review", Words[mood < 2 ? 1 + (mood * 2) : mood % 2 * 2]), ("authorName", customer.Name), ("publishDate", done.AddDays(1)),
                ("jobId", _random.Next(5) == 0 ? null : job), ("customerId", customer.Id), ("technicianId", technician), ("verificationStatus", true), ("externalId", $"r-{job.ToString(CultureInfo.InvariantCulture)}"));
        }
    }

    private static void Many(string[] names, Action<int, string> enter)
    {
        for (var i = 0; i < names.Length; i++)
        {
            enter(i, names[i]);
        }
    }

    private Record Enter(RecordKind kind, long id, DateTimeOffset at, params (string Name, object? Value)[] values) => Enter(kind, id, at, at, values);

    private Record Enter(RecordKind kind, long id, DateTimeOffset created, DateTimeOffset modified, params (string Name, object? Value)[] values) =>
        state.Find(kind.Name, id) ?? state.Add(
            kind,
            values.Where(v => v.Value is not null).Select(v => KeyValuePair.Create(v.Name, v.Value)).Append(KeyValuePair.Create("createdOn", (object?)created)).Append(KeyValuePair.Create("modifiedOn", (object?)Earlier(modified, state.Now))),
            TimeSpan.Zero, id);

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
