using System.Globalization;
using WorkflowEngine.FlowTesting;

namespace WorkflowEngine.EndToEnd.Tests.Histories;

/// <summary>Compares jobs with their Opportunities and won sales with their jobs: each completed job has exactly one Opportunity, each won sale exactly one job, with the values of the end.</summary>
internal sealed class CompanyDeals(CompanyWorld world, CompanyTenant tenant, CompanyPeople people, CompanyExcuses excuses, IReadOnlyCollection<string> sales, bool last)
{
    private const string JobKey = "ServiceTitan_Job_Id__c";
    private const string Origin = "ServiceTitan_Origin__c";
    private const string Status = "ServiceTitan_Status__c";
    private const string SaleType = "1181";

    private static readonly Guid Application = new(TestSettings.ApplicationGuid);
    private static readonly TimeSpan Behind = TimeSpan.FromHours(-7);

    private readonly IReadOnlyList<IReadOnlyDictionary<string, string?>> _opportunities = world.Salesforce.Records(
        "Opportunity", "Id", "Name", "AccountId", "StageName", "Amount", "CloseDate", JobKey, Origin, Status, "ServiceTitan_Job_Number__c", "ServiceTitan_Link__c", "ServiceTitan_Invoice_Number__c",
        "ServiceTitan_Job_Type__c", "ServiceTitan_Work_Notes__c", "ServiceTitan_Completed_On__c", "ServiceTitan_Service_Date__c", "ServiceTitan_Service_Window__c");

    private readonly Dictionary<long, string> _saleOf = tenant.Jobs.Select(j => (j.Id, Sale: SaleOf(world, j.Id))).Where(j => j.Sale is not null).ToDictionary(j => j.Id, j => j.Sale!);

    /// <summary>The sale that ServiceTitan remembers with a job. Neither its feeds nor its list of all records tell it.</summary>
    public static string? SaleOf(CompanyWorld world, long job) => world.ServiceTitan.ExternalOf("jobs", job, Application).GetValueOrDefault("sfOpportunityId");

    /// <summary>What differs.</summary>
    public IEnumerable<string> Check() => Strangers().Concat(tenant.Jobs.SelectMany(Job)).Concat(_opportunities.Where(o => sales.Contains(o["Id"]!)).SelectMany(Sale));

    /// <summary>Nothing stands there twice, and nothing without cause; no letter excuses that.</summary>
    private IEnumerable<string> Strangers()
    {
        foreach (var (job, count) in _opportunities.Where(o => o[JobKey] is not null).CountBy(o => o[JobKey]!).Where(j => j.Value > 1)) yield return $"{count} opportunities of job {job}";
        foreach (var (sale, count) in _saleOf.Values.CountBy(s => s).Where(s => s.Value > 1)) yield return $"{count} jobs of sale {sale}";
        foreach (var (job, sale) in _saleOf.Where(j => !sales.Contains(j.Value))) yield return $"job {job} was booked for {sale}, which nobody sold";
        foreach (var lost in _opportunities.Where(o => !sales.Contains(o["Id"]!) && !tenant.Jobs.Any(j => CompanyHistory.Text(j.Id) == o[JobKey]))) yield return $"opportunity {lost["Id"]} of nothing";
    }

    private IEnumerable<string> Job(CompanyTenant.Job job)
    {
        if (excuses.Job(tenant, job)) yield break;
        var opportunity = _opportunities.FirstOrDefault(o => o[JobKey] == CompanyHistory.Text(job.Id));
        var of = $"the opportunity of job {job.Id}";
        if (job.Status == "Canceled")
        {
            // None is made for it.
            if (opportunity is not null && opportunity[Status] != "Canceled") yield return Told(of, opportunity, Status, "Canceled");
            yield break;
        }

        if (job.Status != "Completed") yield break;
        if (opportunity is null)
        {
            // A run waits a day for the Account of its customer, and an inactive one gets none before it is switched on again: at the end all are.
            if (last || people.HasAccount(tenant.Root(job.Customer))) yield return $"no opportunity of the completed job {job.Id}";
            yield break;
        }

        var sale = _saleOf.GetValueOrDefault(job.Id);
        if (sale is not null && opportunity["Id"] != sale) yield return $"{of} is {opportunity["Id"]}, not the sale {sale} that led to it";
        var invoice = tenant.Invoices.GetValueOrDefault(job.Invoice ?? 0);
        var type = tenant.JobTypes.GetValueOrDefault(job.Type);
        List<(string Field, string? Expected)> wanted =
        [
            (Status, "Completed"), ("StageName", "Closed Won"), (Origin, sale is null ? "ServiceTitan" : "Salesforce"), ("ServiceTitan_Job_Type__c", type), ("ServiceTitan_Invoice_Number__c", invoice.Number),
            ("ServiceTitan_Work_Notes__c", job.Summary),
        ];
        // Name and day of a sale are its seller's.
        if (sale is null) wanted.AddRange([("Name", $"{type ?? "Job"} {job.Number}"), ("CloseDate", job.CompletedOn!.Value.ToOffset(Behind).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))]);
        foreach (var (field, expected) in wanted.Where(w => opportunity[w.Field] != w.Expected)) yield return Told(of, opportunity, field, expected);
        // Nothing on the invoice is "not known", not "free": a sale keeps what its seller wrote.
        if ((invoice.Net != 0 || sale is null) && Amount(opportunity["Amount"]) != (invoice.Net == 0 ? null : invoice.Net)) yield return Told(of, opportunity, "Amount", invoice.Net.ToString(CultureInfo.InvariantCulture));
        // Made for the Account its customer had then: a merge in ServiceTitan moves the job on.
        if (people.CustomerOf(opportunity["AccountId"]) is var at && at != tenant.Root(job.Customer)) yield return $"{of} is at the account of {at}, not of {tenant.Root(job.Customer)}";
    }

    private IEnumerable<string> Sale(IReadOnlyDictionary<string, string?> sale)
    {
        var of = $"the sale {sale["Id"]}";
        var customer = people.CustomerOf(sale["AccountId"]);
        if (excuses.Sale(tenant, sale["AccountId"]!, customer)) yield break;
        if (tenant.Jobs.FirstOrDefault(j => _saleOf.GetValueOrDefault(j.Id) == sale["Id"]) is not { } job)
        {
            yield return $"no job of {of}";
            yield break;
        }

        List<(string Field, string? Expected)> wanted =
        [
            (JobKey, CompanyHistory.Text(job.Id)), ("ServiceTitan_Job_Number__c", job.Number), (Origin, "Salesforce"), ("ServiceTitan_Link__c", $"https://go.servicetitan.com/#/Job/Index/{job.Id}"), ("StageName", "Closed Won"),
        ];
        foreach (var (field, expected) in wanted.Where(w => sale[w.Field] != w.Expected)) yield return Told(of, sale, field, expected);
        if (tenant.Root(job.Customer) != customer) yield return $"{of} of customer {customer} is booked for {job.Customer}";
        if (CompanyHistory.Text(job.Type) != SaleType) yield return $"{of}: its job is of type {job.Type}";
        // What is done stays as it was done.
        if (job.Status == "Completed") yield break;
        var visits = tenant.Visits[job.Id].ToList();
        var day = DateOnly.Parse(sale["ServiceTitan_Service_Date__c"]!, CultureInfo.InvariantCulture);
        var (from, to) = sale["ServiceTitan_Service_Window__c"] == "Morning" ? (At(day, 8), At(day, 12)) : (At(day, 12), At(day, 17));
        if (visits is not [var visit]) yield return $"{of}: {visits.Count} visits";
        else if (visit.Start != from || visit.End != to) yield return $"{of}: its visit is from {visit.Start:u} to {visit.End:u}, not from {from:u} to {to:u}";
    }

    private static DateTimeOffset At(DateOnly day, int hour) => new DateTimeOffset(day.ToDateTime(new TimeOnly(hour, 0)), Behind).ToUniversalTime();

    private static decimal? Amount(string? text) => text is null ? null : decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static string Told(string of, IReadOnlyDictionary<string, string?> record, string field, string? expected) => $"{of}: {field} is '{record[field]}', not '{expected}'";
}
