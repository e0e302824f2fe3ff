using System.Globalization;
using WorkflowEngine.FlowTesting;
using WorkflowEngine.Simulators.Faults;
using WorkflowEngine.Simulators.ServiceTitan;
using static WorkflowEngine.Simulators.Seeds.DemoScenario;

namespace WorkflowEngine.EndToEnd.Tests.Histories;

/// <summary>Plays a history and says which invariant it broke.</summary>
/// <param name="seed">Decides clocks, lateness, weather and, where none are given, deaths.</param>
/// <param name="steps">What happens.</param>
/// <param name="deaths">Boundaries at which the engine dies; null: by seed.</param>
internal sealed class CompanyHistory(int seed, IReadOnlyList<CompanyStep> steps, IReadOnlyList<long>? deaths = null)
{
    private const long FirstCustomer = 48_100_001;
    private const long FirstJob = 77_100_001;

    private readonly Random _weather = new(seed);
    private readonly CompanyLedger _ledger = new();
    private readonly List<long> _done = [];
    private readonly List<string> _sales = [];
    private readonly Dictionary<int, long> _customers = [];
    private readonly HashSet<int> _gone = [];
    private readonly HashSet<string> _mergedContacts = [];
    private readonly Dictionary<string, string> _owners = [];
    private readonly List<string> _stolen = [];
    private int _hints;
    private int _injected;

    /// <summary>How often the engine died.</summary>
    public int Deaths { get; private set; }

    /// <summary>How many keys were not judged, since a letter or review of theirs was open at one of the comparisons.</summary>
    public int Excused { get; private set; }

    /// <summary>Makes wrong what is right, before the first comparison: to see that it is told.</summary>
    public Action<CompanyWorld>? Meddle { get; init; }

    /// <summary>Null: every invariant holds.</summary>
    public async Task<string?> PlayAsync()
    {
        var random = new Random(seed);
        await using var world = await CompanyWorld.StartAsync(seed, deaths ?? [.. Enumerable.Range(0, random.Next(4)).Select(_ => (long)random.Next(5, 90))]);
        _ledger.Observe(await CompanyTenant.OfAsync(world));
        foreach (var step in steps)
        {
            if (await PlayAsync(world, step) is { } restless) return restless;
            _ledger.Observe(await CompanyTenant.OfAsync(world));
        }

        world.ServiceTitan.Faults.Clear();
        world.Salesforce.Faults.Clear();
        if (await world.PassAsync(TimeSpan.FromHours(2)) is { } waits) return waits;

        Meddle?.Invoke(world);

        // Compared as it is, without news that would put a lost change right.
        if (await RecordsAsync(world, last: false) is { } lost) return $"before the last news: {lost}\n{await ToldAsync(world)}";

        // The last news of everybody: whatever happened before, it must arrive.
        foreach (var (person, id) in _customers.Where(c => !_gone.Contains(c.Key))) world.ServiceTitan.EditCustomer(id, name: Last(person), active: true);
        if (await world.PassAsync(TimeSpan.FromHours(2)) is { } late) return late;
        Observe(world);
        var written = world.Written;
        if (await world.PassAsync(TimeSpan.FromHours(25)) is { } loops) return loops;
        Deaths = world.Crash.Kills;
        return world.Written != written ? $"echo: {world.Written - written} rows were written on a day on which nobody did anything\n{await ToldAsync(world)}" : await JudgeAsync(world);
    }

    private static string Last(int person) => $"Last{(char)('A' + person)} Person";

    private async Task<string?> PlayAsync(CompanyWorld world, CompanyStep step)
    {
        var known = _customers.TryGetValue(step.Person, out var id) && !_gone.Contains(step.Person);
        switch (step.Act)
        {
            case CompanyAct.Name when !known && !_gone.Contains(step.Person):
                _customers[step.Person] = world.ServiceTitan.AddCustomer(new CustomerSeed
                {
                    Id = FirstCustomer + step.Person, Name = $"First{(char)('A' + step.Person)} Name{(char)('A' + (step.Value % 26))}", Type = step.Value % 9 == 8 ? "Commercial" : "Residential",
                    Address = new Address($"{step.Value} Maple St", null, "Boise", "ID", "83702", "USA"), Contacts = step.Value % 5 == 4 ? [] : [new ContactSeed("Email", Email(step.Value))],
                });
                break;
            case CompanyAct.Name when known:
                world.ServiceTitan.EditCustomer(id, name: $"First{(char)('A' + step.Person)} Name{(char)('A' + (step.Value % 26))}");
                break;
            case CompanyAct.Line when known:
                world.ServiceTitan.SetContact(id, step.Value % 2 == 0 ? "Email" : "MobilePhone", step.Value % 2 == 0 ? Email(step.Value) : $"208-555-01{step.Value:00}");
                break;
            case CompanyAct.Touch when known:
                world.ServiceTitan.EditCustomer(id);
                break;
            case CompanyAct.Merge when known && Other(step) is { } into:
                world.ServiceTitan.MergeCustomers(id, into);
                _gone.Add(step.Person);
                break;
            case CompanyAct.Switch when known:
                world.ServiceTitan.EditCustomer(id, active: step.Value % 2 == 0);
                break;
            case CompanyAct.Job when known:
                await WorkAsync(world, id, step.Value);
                break;
            case CompanyAct.EditAccount when Account(world, id) is { } account:
                Edit(world, account, step.Value % 2 == 0 ? "Name" : "Phone", step.Value % 2 == 0 ? $"By hand {step.Value}" : $"(208) 555-{step.Value:0000}");
                break;
            case CompanyAct.EditContact when Contact(world, id) is { } contact:
                Edit(world, contact, "Email", Email(step.Value));
                break;
            case CompanyAct.DeleteContact when Contact(world, id) is { } contact:
                _ledger.Removed(id);
                await world.DeleteAsync("Contact", contact);
                break;
            case CompanyAct.MergeContacts when Contact(world, id) is { } keep && Other(step) is { } other && Contact(world, other) is { } remove && keep != remove:
                _mergedContacts.Add(keep);
                _ledger.Removed(other);
                await world.MergeAsync(keep, remove);
                break;
            case CompanyAct.Sale when Account(world, id) is { } account:
                _sales.Add(Sell(world, account, step.Value));
                break;
            case CompanyAct.Bill when _done.Count > 0:
                await BillAsync(world, _done[step.Value % _done.Count], step.Value);
                break;
            case CompanyAct.Cancel when _done.Count > 0:
                world.ServiceTitan.PutRecord("jobs", new Dictionary<string, object?> { ["id"] = _done[step.Value % _done.Count], ["jobStatus"] = "Canceled" });
                break;
            case CompanyAct.Move when _sales.Count > 0:
                world.Salesforce.EditRecord(_sales[step.Value % _sales.Count], new Dictionary<string, object?> { ["ServiceTitan_Service_Date__c"] = Day(step.Value + 7) });
                break;
            case CompanyAct.Finish when _sales.Count > 0:
                var sold = _sales[step.Value % _sales.Count];
                if ((await CompanyTenant.OfAsync(world)).Jobs.FirstOrDefault(j => j.Status != "Completed" && CompanyDeals.SaleOf(world, j.Id) == sold) is { } work) world.ServiceTitan.CompleteJob(work.Id);
                break;
            case CompanyAct.Repeat:
                await RepeatAsync(world, id, step.Value);
                break;
            case CompanyAct.Hint when _done.Count > 0:
                var job = _done[step.Value % _done.Count];
                var invoice = (await CompanyTenant.OfAsync(world)).Jobs.First(j => j.Id == job).Invoice;
                await world.HintAsync(step.Value % 2 == 0 ? "job" : "invoice", Text(step.Value % 2 == 0 ? job : invoice ?? job), ++_hints);
                break;
            case CompanyAct.Wait:
                world.Skip(TimeSpan.FromSeconds(step.Value));
                break;
            case CompanyAct.Settle:
                var restless = await world.PassAsync(TimeSpan.FromSeconds(90));
                Observe(world);
                return restless;
            case CompanyAct.Weather:
                Weather(world, step.Value);
                break;
        }

        return null;
    }

    /// <summary>Few addresses for many people: claims and owned records are the rule here.</summary>
    private static string Email(int value) => $"home{value % 3}@example.com";

    private long? Other(CompanyStep step) => _customers.Where(c => c.Key != step.Person && !_gone.Contains(c.Key)).OrderBy(c => (c.Key + step.Value) % 7).Select(c => (long?)c.Value).FirstOrDefault();

    private async Task WorkAsync(CompanyWorld world, long customer, int value)
    {
        if ((await world.TenantAsync())["locations"]?.AsArray().FirstOrDefault(l => l!["customerId"]!.GetValue<long>() == customer)?["id"]?.GetValue<long>() is not { } place) return;
        // ServiceTitan counts on behind what it was given: the job of a sale may have the number behind the last one.
        var job = Math.Max(FirstJob, (await CompanyTenant.OfAsync(world)).Jobs.Select(j => j.Id + 1).DefaultIfEmpty().Max());
        _done.Add(job);
        world.ServiceTitan.PutRecord("jobs", new Dictionary<string, object?>
        {
            ["id"] = job, ["jobNumber"] = Text(job), ["customerId"] = customer, ["locationId"] = place, ["jobTypeId"] = 1_180L + (value % 6), ["businessUnitId"] = 9_020L, ["campaignId"] = 650L, ["summary"] = $"Visit {value}",
        });
        world.ServiceTitan.CompleteJob(job);
    }

    /// <summary>Somebody wins a sale.</summary>
    public static string Sell(CompanyWorld world, string account, int value)
    {
        var id = world.Salesforce.AddRecord("Opportunity", new Dictionary<string, object?>
        {
            ["Name"] = $"Sale {value}", ["AccountId"] = account, ["StageName"] = "Qualification", ["CloseDate"] = "2026-03-02", ["Amount"] = 1_000m + value,
        });
        world.Salesforce.EditRecord(id, new Dictionary<string, object?>
        {
            ["StageName"] = "Closed Won", ["ServiceTitan_Service_Date__c"] = Day(value), ["ServiceTitan_Service_Window__c"] = value % 2 == 0 ? "Morning" : "Afternoon",
        });
        return id;
    }

    private static string Day(int value) => $"2026-03-{5 + (value % 20):00}";

    private void Edit(CompanyWorld world, string record, string field, string value)
    {
        _ledger.Edited(record, field, value);
        world.Salesforce.EditRecord(record, new Dictionary<string, object?> { [field] = value });
    }

    /// <summary>The office finishes the invoice of a job: one line, to the cent.</summary>
    private static async Task BillAsync(CompanyWorld world, long job, int value)
    {
        if ((await CompanyTenant.OfAsync(world)).Jobs.First(j => j.Id == job).Invoice is not { } invoice) return;
        var price = 50.05m + (value * 13.37m);
        world.ServiceTitan.PutRecord("invoices", new Dictionary<string, object?>
        {
            ["id"] = invoice, ["items"] = new object[] { new { type = "Service", skuName = "SVC", displayName = "Labour", quantity = 1m, price, total = price } },
        });
    }

    /// <summary>A vendor tells what it told before, up to minutes later and whatever happened meanwhile: the customer, one of its lines, a job, its invoice, a sale.</summary>
    private async Task RepeatAsync(CompanyWorld world, long customer, int value)
    {
        var after = TimeSpan.FromSeconds(1 + (value / 5 * 20));
        var tenant = await CompanyTenant.OfAsync(world);
        switch (value % 5)
        {
            case 0 when tenant.Customers.Any(c => c.Id == customer):
                world.ServiceTitan.RepeatLater("customers", customer, after);
                break;
            case 1 when tenant.LinesOf(customer).LastOrDefault() is { } line:
                world.ServiceTitan.RepeatLater("contacts", line.Id, after);
                break;
            case 2 when _done.Count > 0:
                world.ServiceTitan.RepeatLater("jobs", _done[value % _done.Count], after);
                break;
            case 3 when _done.Count > 0 && tenant.Jobs.First(j => j.Id == _done[value % _done.Count]).Invoice is { } invoice:
                world.ServiceTitan.RepeatLater("invoices", invoice, after);
                break;
            case 4 when _sales.Count > 0:
                world.Salesforce.RepeatLater(_sales[value % _sales.Count], after);
                break;
        }
    }

    private void Weather(CompanyWorld world, int percent)
    {
        world.ServiceTitan.Faults.Clear();
        world.Salesforce.Faults.Clear();
        if (percent < 10) return;
        FaultKind[] kinds = [FaultKind.RateLimited, FaultKind.Unavailable, FaultKind.ServerError, FaultKind.LostAnswer, FaultKind.TimeoutBefore, FaultKind.Reset, FaultKind.Malformed];
        for (var i = 0; i < 2; i++)
        {
            var kind = kinds[_weather.Next(kinds.Length)];
            if (kind == FaultKind.RateLimited) _injected++;
            var rule = new FaultRule { Kind = kind, Probability = percent / 100.0, Count = _weather.Next(2, 8), RetryAfterSeconds = kind == FaultKind.RateLimited ? 20 : null };
            if (_weather.Next(2) == 0) world.ServiceTitan.Faults.Add(rule);
            else world.Salesforce.Faults.Add(rule);
        }
    }

    private static string? Account(CompanyWorld world, long customer) => Find(world, "Account", CustomerKey, Text(customer));

    private static string? Contact(CompanyWorld world, long customer) => Find(world, "Contact", PersonKey, Text(customer) + "/primary");

    private static string? Find(CompanyWorld world, string type, string key, string value) => world.Salesforce.Records(type, "Id", key).FirstOrDefault(r => r[key] == value)?["Id"];

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whose each person is: it never becomes another's.</summary>
    private void Observe(CompanyWorld world)
    {
        foreach (var contact in world.Salesforce.Records("Contact", "Id", PersonKey).Where(c => c[PersonKey] is not null))
        {
            var (id, owner) = (contact["Id"]!, contact[PersonKey]!.Split('/')[0]);
            // A merge of customers hands its person over, one by hand in Salesforce does what people want.
            if (_owners.TryGetValue(id, out var before) && before != owner && !_mergedContacts.Contains(id) && !_gone.Any(g => Text(_customers[g]) == before)) _stolen.Add($"{id} was {before}'s and is {owner}'s");
            _owners[id] = owner;
        }
    }

    private async Task<string?> JudgeAsync(CompanyWorld world)
    {
        var end = await EndState.OfAsync(world.Host, default);
        var told = await ToldAsync(world);
        if (end.Waiting.Values.Sum() > 0) return $"lost in the inbox: {string.Join(", ", end.Waiting)}\n{told}";
        if (end.Letters.FirstOrDefault(l => !CompanyExcuses.IsOfDeaths(l)) is { } letter) return $"dead letter {letter.Content.Key} at {letter.Content.Step}: {letter.Content.ErrorKind} {letter.Content.Code}: {letter.Content.Message}\n{told}";
        if (end.Incidents.FirstOrDefault(i => !CompanyExcuses.IsOfDeaths(end, i)) is { } incident) return $"open incident: {incident.Message}\n{told}";
        if (end.Runs.GroupBy(r => r.Run.EventId).FirstOrDefault(g => g.Count() > 1) is { } twice) return $"event {twice.Key} was settled {twice.Count()} times\n{told}";
        // After a death a hint that was to be superseded may run after all: it reads the record as it is now and changes nothing.
        foreach (var key in end.Runs.Where(r => r.Run.Effects > 0).GroupBy(r => (r.Run.Deployment, r.Run.Key)))
        {
            var order = key.Select(r => r.Run.EventId).ToList();
            if (!order.SequenceEqual(order.Order())) return $"key {key.Key.Key} ran out of order: {string.Join(",", order)}\n{told}";
        }

        var created = end.Effects.Where(e => e.Effect.Verb == "created").CountBy(e => (e.Effect.Entity, e.Effect.RecordId)).FirstOrDefault(e => e.Value > 1);
        if (created.Value > 1) return $"the journal tells {created.Value} creations of {created.Key}\n{told}";
        if (_stolen.Count > 0) return $"stolen: {string.Join("; ", _stolen)}\n{told}";
        if (await RecordsAsync(world, last: true) is { } wrong) return $"{wrong}\n{told}";
        return Budget(world);
    }

    /// <summary>Both systems, record by record.</summary>
    private async Task<string?> RecordsAsync(CompanyWorld world, bool last)
    {
        var tenant = await CompanyTenant.OfAsync(world);
        _ledger.Observe(tenant);
        var excuses = await CompanyExcuses.OfAsync(world, await EndState.OfAsync(world.Host, default));
        Excused = Math.Max(Excused, excuses.Count);
        var people = new CompanyPeople(world, tenant, _ledger, excuses);
        List<string> differences = [.. people.Check(), .. new CompanyDeals(world, tenant, people, excuses, _sales, last).Check()];
        return differences.Count == 0 ? null : string.Join("; ", differences);
    }

    /// <summary>No vendor had to refuse a call because there were too many.</summary>
    private string? Budget(CompanyWorld world)
    {
        if (_injected > 0) return null;
        foreach (var statuses in new[] { world.ServiceTitan.Statistics.Statuses, world.Salesforce.Statistics.Statuses })
        {
            if (statuses.FirstOrDefault(s => s.Key.StartsWith("429", StringComparison.Ordinal)) is { Value: > 0 } refused) return $"the budget was not kept: {refused.Value} calls were answered {refused.Key}";
        }

        return null;
    }

    /// <summary>What runs told, for whoever looks for the cause.</summary>
    private static async Task<string> ToldAsync(CompanyWorld world)
    {
        var end = await EndState.OfAsync(world.Host, default);
        return string.Join("\n", end.Runs.TakeLast(40).Select(r => $"  {r.Run.StartedAt:HH:mm:ss} {r.Flow} key {r.Run.Key} event {r.Run.EventId} {r.Run.Outcome} {r.Run.Text} {string.Join(", ", end.Effects.Where(e => e.Effect.RunId == r.Run.Id).Select(e => $"{e.Effect.Verb} {e.Effect.Entity} {e.Effect.RecordId}"))}"));
    }
}
