using System.Globalization;
using System.Text.Json.Nodes;

namespace WorkflowEngine.EndToEnd.Tests.Histories;

/// <summary>ServiceTitan as it stands now, read from the simulator itself and not through a connector.</summary>
internal sealed class CompanyTenant
{
    private readonly Dictionary<long, Person> _customers;
    private readonly ILookup<long, Line> _lines;

    private CompanyTenant(JsonObject records)
    {
        _customers = Of(records, "customers").Select(c => new Person(
            Number(c, "id"), Text(c, "name")!, Text(c, "type") == "Commercial", c["active"]!.GetValue<bool>(), OrNull(c, "mergedToId"), Text(c["address"]!, "street")!)).ToDictionary(c => c.Id);
        _lines = Of(records, "contacts").Select(l => new Line(Number(l, "id"), Number(l, "customerId"), Text(l, "type")!, Text(l, "value")!, Text(l, "createdOn")!)).ToLookup(l => l.Customer);
        Jobs = [.. Of(records, "jobs").Select(j => new Job(
            Number(j, "id"), Text(j, "jobNumber")!, Text(j, "jobStatus")!, Number(j, "customerId"), Number(j, "jobTypeId"), OrNull(j, "invoiceId"), Text(j, "summary"), Time(j, "completedOn")))];
        Visits = Of(records, "appointments").ToLookup(v => Number(v, "jobId"), v => (Start: Time(v, "start")!.Value, End: Time(v, "end")!.Value));
        Invoices = Of(records, "invoices").ToDictionary(i => Number(i, "id"), i => (Number: Text(i, "referenceNumber"), Net: decimal.Parse(Text(i, "subTotal") ?? "0", NumberStyles.Float, CultureInfo.InvariantCulture)));
        JobTypes = Of(records, "jobTypes").ToDictionary(t => Number(t, "id"), t => Text(t, "name")!);
    }

    public IEnumerable<Person> Customers => _customers.Values;

    public IReadOnlyList<Job> Jobs { get; }

    /// <summary>Visits by their job.</summary>
    public ILookup<long, (DateTimeOffset Start, DateTimeOffset End)> Visits { get; }

    public IReadOnlyDictionary<long, (string? Number, decimal Net)> Invoices { get; }

    public IReadOnlyDictionary<long, string> JobTypes { get; }

    public static async Task<CompanyTenant> OfAsync(CompanyWorld world) => new(await world.TenantAsync());

    /// <summary>A customer's living lines, oldest first.</summary>
    public IEnumerable<Line> LinesOf(long customer) => _lines[customer].OrderBy(l => l.CreatedOn, StringComparer.Ordinal).ThenBy(l => l.Id);

    /// <summary>What the flow writes of a type of line: the value of the oldest. Customers that were merged may have several of one instant, and the vendor says nothing of their order.</summary>
    public IReadOnlyList<string> First(long customer, string type)
    {
        var lines = LinesOf(customer).Where(l => l.Type == type).ToList();
        return [.. lines.Where(l => l.CreatedOn == lines[0].CreatedOn).Select(l => l.Value)];
    }

    /// <summary>In whom a customer went up, himself where nobody merged him.</summary>
    public long Root(long customer)
    {
        while (_customers.GetValueOrDefault(customer)?.MergedTo is { } into) customer = into;
        return customer;
    }

    /// <summary>All that the flow of customers reads of one: equal texts are no news.</summary>
    public string StateOf(Person customer) => $"{customer.Name}|{customer.Active}|{customer.MergedTo}|{customer.Street}|{string.Join('|', LinesOf(customer.Id).Select(l => $"{l.Id} {l.Type} {l.Value}"))}";

    private static IEnumerable<JsonNode> Of(JsonObject records, string kind) => (records[kind]?.AsArray() ?? []).Select(r => r!);

    private static long Number(JsonNode record, string member) => OrNull(record, member) ?? 0;

    private static long? OrNull(JsonNode record, string member) => Text(record, member) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    private static string? Text(JsonNode record, string member) => record[member]?.ToString();

    private static DateTimeOffset? Time(JsonNode record, string member) => Text(record, member) is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : null;

    internal sealed record Person(long Id, string Name, bool Commercial, bool Active, long? MergedTo, string Street);

    internal sealed record Line(long Id, long Customer, string Type, string Value, string CreatedOn);

    internal sealed record Job(long Id, string Number, string Status, long Customer, long Type, long? Invoice, string? Summary, DateTimeOffset? CompletedOn);
}
