using WorkflowEngine.Abstractions;
using WorkflowEngine.Simulators.ServiceTitan;
using static WorkflowEngine.Connectors.Tests.ServiceTitan.TestTenant;

namespace WorkflowEngine.Connectors.Tests.ServiceTitan;

public sealed class ServiceTitanAccountingTests : ServiceTitanTest
{
    [Fact]
    public async Task Types_of_payments_are_read_by_name()
    {
        SetUp();
        Assert.Equal("3", Assert.Single(await RowsAsync(Read("paymentType", Is("name", "Check"))))["id"]);
    }

    [Fact]
    public async Task Money_arrives_exactly_and_a_payment_stands_over_several_invoices()
    {
        Invoices();
        var first = Assert.Single(await RowsAsync(Read("invoice", Is("id", "501"))));
        Assert.Equal((178.30m, 10.70m, 189.00m, 89.00m), (first["subTotal"], first["salesTax"], first["total"], first["balance"]));
        var payments = await RowsAsync(Read("payment", Is("appliedTo.appliedTo", "501", "502")));
        var applied = Assert.IsAssignableFrom<IReadOnlyList<object?>>(Assert.Single(payments)["appliedTo"]).Cast<IReadOnlyDictionary<string, object?>>().ToList();
        Assert.Equal([("501", (object?)100.00m), ("502", 50.00m)], applied.Select(a => ((string)a["appliedTo"]!, a["appliedAmount"])));
        Assert.Equal(["501"], (await RowsAsync(Read("invoice", Is("job.id", "77")))).Select(i => i["id"]));
        Assert.Equal(["501", "502"], (await RowsAsync(Read("invoice", Is("customer.id", "48")))).Select(i => i["id"]));
    }

    [Fact]
    public async Task Lines_are_read_within_their_invoice()
    {
        Invoices();
        var line = Assert.Single(await RowsAsync(Read("invoiceItem", Is("invoiceId", "501"))));
        Assert.Equal(("501", 178.30m, "Service"), (line["invoiceId"], line["total"], line["type"]));
    }

    [Fact]
    public async Task A_voided_invoice_shows_only_when_asked_for()
    {
        Invoices();
        Put("invoices", 502, ("active", false));
        Assert.Empty(await RowsAsync(Read("invoice", Is("id", "502"))));
        Assert.Equal(false, Assert.Single(await RowsAsync(Read("invoice", Is("id", "502")) with { IncludeInactive = true }))["active"]);
    }

    [Fact]
    public async Task An_invoice_gets_lines_header_and_custom_fields()
    {
        Invoices();
        Put("customFieldTypes", 3500, ("name", "Purchase order"), ("owner", "invoices"));
        var line = new Dictionary<string, object?> { ["description"] = "Valve", ["quantity"] = 2m, ["unitPrice"] = 21.70m, ["skuName"] = "V-1" };
        Assert.Null((await WriteAsync("invoice", WriteVerb.Update, "501", ("lines", new List<object?> { line }), ("summary", "Done"), ("dueDate", new DateOnly(2026, 10, 14)), ("custom.Purchase order", "PO-7"))).Error);
        var read = Assert.Single(await RowsAsync(Read("invoice", Is("id", "501"))));
        Assert.Equal((221.70m, "Done", new DateOnly(2026, 10, 14)), (read["subTotal"], read["summary"], read["dueDate"]));
        Assert.Equal("PO-7", ((IReadOnlyDictionary<string, object?>)read["custom"]!)["Purchase order"]);
        var lines = await RowsAsync(Read("invoiceItem", Is("invoiceId", "501")));
        Assert.Null((await CallAsync("invoice.removeItem", ("id", "501"), ("itemId", lines[1]["id"]))).Error);
        Assert.Single(await RowsAsync(Read("invoiceItem", Is("invoiceId", "501"))));
    }

    [Fact]
    public async Task An_adjustment_is_an_invoice_of_its_own()
    {
        Invoices();
        var made = (await CallAsync("invoice.adjust", ("adjustmentToId", "501"), ("summary", "Goodwill"))).Value!;
        var read = Assert.Single(await RowsAsync(Read("invoice", Is("adjustmentToId", "501"))));
        Assert.Equal((made["id"], "Goodwill"), (read["id"], read["summary"]));
    }

    [Fact]
    public async Task A_payment_is_made_and_changed_without_losing_its_splits()
    {
        Invoices();
        var split = new Dictionary<string, object?> { ["invoiceId"] = "501", ["amount"] = 89.00m };
        var made = (await WriteAsync("payment", WriteVerb.Create, null, ("typeId", "3"), ("amount", 89.00m), ("customerId", "48"), ("splits", new List<object?> { split }))).Value!;
        Assert.Equal(0.00m, Assert.Single(await RowsAsync(Read("invoice", Is("id", "501"))))["balance"]);
        Assert.Null((await WriteAsync("payment", WriteVerb.Update, made.Id, ("memo", "By post"))).Error);
        var read = Assert.Single(await RowsAsync(Read("payment", Is("id", made.Id))));
        Assert.Equal(("By post", 89.00m, "3", "Check"), (read["memo"], read["total"], read["typeId"], read["type"]));
        Assert.Null((await WriteAsync("payment", WriteVerb.Update, made.Id, ("active", false))).Error);
        Assert.Equal(89.00m, Assert.Single(await RowsAsync(Read("invoice", Is("id", "501"))))["balance"]);
    }

    [Fact]
    public async Task A_payment_moves_its_invoices_and_their_customer_in_the_feeds()
    {
        Invoices();
        var (invoices, customers) = (await CursorAsync("invoice", "invoices"), await CursorAsync("customer", "customers"));
        Put("payments", 702, ("typeId", 3), ("customerId", 48), ("total", 39m), ("appliedTo", new[] { new { appliedId = 1, appliedTo = 501, appliedAmount = 39m } }));
        Assert.Equal(["501"], (await PageAsync("invoice", "invoices", invoices)).Rows.Select(r => r.RecordId));
        Assert.Equal(["48"], (await PageAsync("customer", "customers", customers)).Rows.Select(r => r.RecordId));
    }

    [Fact]
    public async Task A_membership_is_sold_changed_and_its_history_hints_at_it()
    {
        Invoices();
        Put("membershipTypes", 415, ("name", "Gold"));
        Put("durationBillings", 4151, ("membershipTypeId", 415), ("saleTaskId", 9), ("duration", 12), ("billingFrequency", "Monthly"), ("salePrice", 120m));
        var sold = (await CallAsync("membership.sell", ("customerId", "48"), ("businessUnitId", "9020"), ("saleTaskId", "9"), ("durationBillingId", "4151"), ("recurringServiceAction", "None"))).Value!;
        var id = (string)sold["customerMembershipId"]!;
        var membership = Assert.Single(await RowsAsync(Read("membership", Is("customerId", "48"))));
        Assert.Equal((id, "Active", 12L, "415"), (membership["id"], membership["status"], membership["duration"], membership["membershipTypeId"]));
        Assert.Equal(120.00m, Assert.Single(await RowsAsync(Read("invoice", Is("id", (string)sold["invoiceId"]!))))["total"]);
        var cursor = await CursorAsync("membership", "membershipStatusChanges");
        Assert.Null((await WriteAsync("membership", WriteVerb.Update, id, ("status", "Canceled"), ("to", new DateOnly(2026, 12, 31)))).Error);
        Assert.Equal([id], (await PageAsync("membership", "membershipStatusChanges", cursor)).Rows.Select(r => r.RecordId));
        Assert.Empty(await RowsAsync(Read("membership", Is("customerId", "48"))));
        var ended = Assert.Single(await RowsAsync(Read("membership", Is("customerId", "48")) with { IncludeInactive = true }));
        Assert.Equal(("Canceled", new DateOnly(2026, 12, 31)), (ended["status"], ended["to"]));
        var type = Assert.Single(await RowsAsync(Read("membershipType", Is("id", "415"))));
        Assert.Equal(120m, ((IReadOnlyDictionary<string, object?>)Assert.Single((IReadOnlyList<object?>)type["durationBilling"]!)!)["salePrice"]);
    }

    private void Invoices()
    {
        SetUp();
        Add(new CustomerSeed { Id = 48, Name = "Dana Whitfield" });
        Put("jobs", 77, ("customerId", 48), ("jobStatus", "Completed"), ("invoiceId", 501), ("jobTypeId", 1187));
        Put("invoices", 501, ("taxRate", 0.06m), ("items", new[] { new { skuName = "WH", type = "Service", quantity = 1m, price = 178.30m } }));
        Put("invoices", 502, ("customerId", 48), ("items", new[] { new { skuName = "X", type = "Material", quantity = 2m, price = 25m, taxable = false } }));
        Put("payments", 701, ("typeId", 3), ("customerId", 48), ("total", 150m), ("appliedTo", new[] { new { appliedId = 1, appliedTo = 501, appliedAmount = 100m }, new { appliedId = 2, appliedTo = 502, appliedAmount = 50m } }));
    }

    private async Task<SourceCursor> CursorAsync(string entity, string feed)
    {
        var cursor = new SourceCursor(null, null);
        for (var more = true; more;)
        {
            var page = await PageAsync(entity, feed, cursor);
            (cursor, more) = (page.Cursor, page.HasMore);
        }

        return cursor;
    }

    private async Task<SourcePage> PageAsync(string entity, string feed, SourceCursor cursor)
    {
        var outcome = await Connection.PollAsync(new PollRequest { Entity = entity, Feed = feed, Cursor = cursor }, Cancel);
        Assert.Null(outcome.Error);
        return outcome.Value!;
    }
}
