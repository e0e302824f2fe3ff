using System.Globalization;
using System.Text.Json;
using WorkflowEngine.Simulators.Seeds;
using WorkflowEngine.Simulators.Tests.ServiceTitan;
using static WorkflowEngine.Simulators.Tests.ServiceTitan.TenantFixture;

namespace WorkflowEngine.Simulators.Tests.Seeds;

public sealed class CompanySeedTests
{
    private static readonly string[] Kinds =
    [
        "customers", "contacts", "locations", "tagTypes", "jobs", "appointments", "assignments", "jobCanceledLogs", "jobCancelReasons", "jobHoldReasons", "jobTypes", "technicians", "employees", "businessUnits",
        "campaigns", "campaignCategories", "invoices", "invoiceItems", "payments", "paymentTypes", "memberships", "membershipTypes", "durationBillings", "reviews", "technicianRatings",
    ];

    [Fact]
    public async Task A_company_has_records_of_every_kind_and_the_same_for_the_same_seed()
    {
        await using var one = await TenantFixture.Start();
        await using var same = await TenantFixture.Start();
        await using var other = await TenantFixture.Start();
        CompanySeed.Fill(one.Simulator, 200, 7);
        CompanySeed.Fill(same.Simulator, 200, 7);
        CompanySeed.Fill(other.Simulator, 200, 8);
        var records = (await one.Get("/_records")).Json;
        Assert.All(Kinds, k => Assert.NotEqual(0, records.GetProperty(k).GetArrayLength()));
        Assert.Equal(records.ToString(), (await same.Get("/_records")).Json.ToString());
        Assert.NotEqual(records.ToString(), (await other.Get("/_records")).Json.ToString());
    }

    [Fact]
    public async Task Its_books_are_right()
    {
        await using var st = await TenantFixture.Start();
        CompanySeed.Fill(st.Simulator, 200, 7);
        var invoices = (await st.Get($"{Accounting}/invoices?pageSize=5000")).Json.GetProperty("data").EnumerateArray().ToList();
        var payments = (await st.Get($"{Accounting}/payments?pageSize=5000")).Json.GetProperty("data").EnumerateArray().SelectMany(p => p.GetProperty("appliedTo").EnumerateArray()).ToLookup(a => a.GetProperty("appliedTo").GetInt64());
        Assert.NotEmpty(invoices);
        foreach (var invoice in invoices)
        {
            Assert.Equal(Money(invoice, "subTotal"), invoice.GetProperty("items").EnumerateArray().Sum(i => Money(i, "total")));
            Assert.Equal(Money(invoice, "total"), Money(invoice, "subTotal") + Money(invoice, "salesTax"));
            Assert.Equal(Money(invoice, "balance"), Money(invoice, "total") - payments[invoice.GetProperty("id").GetInt64()].Sum(a => Money(a, "appliedAmount")));
        }

        var owed = invoices.GroupBy(i => i.GetProperty("customer").GetProperty("id").GetInt64()).ToDictionary(g => g.Key, g => g.Sum(i => Money(i, "balance")));
        foreach (var customer in (await st.Get($"{Crm}/customers?pageSize=5000")).Json.GetProperty("data").EnumerateArray())
        {
            Assert.Equal(owed.GetValueOrDefault(customer.GetProperty("id").GetInt64()), customer.GetProperty("balance").GetDecimal());
        }
    }

    [Fact]
    public async Task What_it_holds_is_as_published_and_stands_on_the_page()
    {
        await using var st = await TenantFixture.Start();
        CompanySeed.Fill(st.Simulator, 60, 7);
        var page = (await st.Get("/")).Expect(200).Text;
        Assert.All(new[] { "Jobs", "Appointments", "Invoices", "Payments", "Memberships", "Technician ratings", "Reviews", "Business units" }, title => Assert.Contains($"id=\"{title}\"", page, StringComparison.Ordinal));
        var folder = Environment.GetEnvironmentVariable("SERVICETITAN_SPECS");
        Assert.SkipUnless(folder is not null, "SERVICETITAN_SPECS does not name the folder of ServiceTitan's OpenAPI documents.");
        foreach (var (file, path) in new[]
        {
            ("jpm", "export/jobs"), ("jpm", "jobs"), ("jpm", "export/appointments"), ("dispatch", "export/appointment-assignments"), ("accounting", "export/invoices"), ("accounting", "export/payments"), ("accounting", "export/invoice-items"),
            ("memberships", "export/memberships"), ("memberships", "membership-types"), ("settings", "export/technicians"), ("settings", "export/employees"), ("settings", "export/business-units"), ("marketing", "campaigns"),
            ("customer-interactions", "export/technician-ratings"), ("marketing-reputation", "reviews"),
        })
        {
            var reply = (await st.Get($"/{file.Replace("-reputation", "reputation", StringComparison.Ordinal)}/v2/tenant/1234567890/{path}")).Expect(200);
            Assert.NotEqual(0, reply.Json.GetProperty("data").GetArrayLength());
            Assert.Empty(OpenApiDocument.Load(Path.Combine(folder!, $"{file}-v2.json")).Problems($"/tenant/{{tenant}}/{path}", "get", 200, reply.Json));
        }
    }

    private static decimal Money(JsonElement record, string name) => decimal.Parse(record.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);
}
