using static WorkflowEngine.Simulators.Tests.ServiceTitan.TenantFixture;

namespace WorkflowEngine.Simulators.Tests.ServiceTitan;

public sealed class MoneyTests
{
    private const string Interactions = "/customer-interactions/v2/tenant/1234567890";
    private const string T = "/tenant/{tenant}";

    [Fact]
    public async Task Lines_make_the_total_payments_the_balance_and_both_move_the_customer()
    {
        await using var st = await Start();
        var (customer, invoice) = await Invoice(st);
        Assert.Equal(("110.00", "110.00", "110.0"), await Totals(st, customer, invoice));
        var payment = (await st.Post($"{Accounting}/payments", $$"""{ "typeId": 3, "customerId": {{customer}}, "amount": 110, "splits": [ { "invoiceId": {{invoice}}, "amount": 100.5 } ] }""")).Expect(200).Json.GetProperty("id").GetInt64();
        Assert.Equal(("110.00", "9.50", "9.5"), await Totals(st, customer, invoice));
        var read = (await st.Get($"{Accounting}/payments?ids={payment}")).Json.GetProperty("data")[0];
        Assert.Equal(("110.00", "9.50", "Check", "3"), (read.GetProperty("total").GetString(), read.GetProperty("unappliedAmount").GetString(), read.GetProperty("type").GetString(), read.GetProperty("typeId").GetString()));
        (await st.Patch($"{Accounting}/payments/{payment}", """{ "typeId": 3, "splits": [], "active": false }""")).Expect(200);
        Assert.Equal(("110.00", "110.00", "110.0"), await Totals(st, customer, invoice));
        Assert.Empty(Ids(await st.Get($"{Accounting}/payments")));
        Assert.Equal(payment, Assert.Single(Ids(await st.Get($"{Accounting}/payments?activeState=All"))));
    }

    [Fact]
    public async Task A_balance_moves_the_customer_only_where_accounting_counts()
    {
        await using var st = await Start();
        st.Time.Advance(TimeSpan.FromMinutes(1));
        var since = "2026-09-14T20:01:30Z";
        var (customer, invoice) = await Invoice(st);
        st.Time.Advance(TimeSpan.FromMinutes(1));
        (await st.Patch($"{Accounting}/invoices/{invoice}", """{ "items": [ { "description": "More", "quantity": 1, "unitPrice": 5, "skuName": "B" } ] }""")).Expect(200);
        Assert.Equal(customer, Assert.Single(Ids(await st.Get($"{Crm}/customers?modifiedOnOrAfter={since}"))));
        Assert.Empty(Ids(await st.Get($"{Crm}/customers?modifiedOnOrAfter={since}&excludeAccountingChangesFromModifiedDateRange=true")));
    }

    [Fact]
    public async Task A_line_priced_by_the_wrong_name_stands_at_nothing()
    {
        await using var st = await Start();
        var (_, invoice) = await Invoice(st);
        (await st.Patch($"{Accounting}/invoices/{invoice}/items", """{ "description": "Valve", "quantity": 2, "price": 10, "skuName": "V" }""")).Expect(200);
        var items = (await st.Get($"{Accounting}/invoices?ids={invoice}")).Json.GetProperty("data")[0].GetProperty("items");
        Assert.Equal("0.00", items[1].GetProperty("total").GetString());
        (await st.Patch($"{Accounting}/invoices/{invoice}/items", """{ "description": "Valve", "quantity": 2, "id": 5 }""")).Expect(400);
    }

    [Fact]
    public async Task There_is_no_reading_of_one_invoice_or_payment()
    {
        await using var st = await Start();
        var (_, invoice) = await Invoice(st);
        Assert.False((await st.Get($"{Accounting}/invoices/{invoice}")).Expect(404).Json.TryGetProperty("traceId", out _));
    }

    [Fact]
    public async Task A_renewal_points_from_the_old_membership_to_the_new_one()
    {
        await using var st = await Start();
        var customer = await st.Create("Dana");
        st.Put("membershipTypes", 415, ("name", "Gold"));
        st.Put("memberships", 900, ("customerId", customer), ("membershipTypeId", 415), ("status", "Active"), ("from", "2025-09-14"), ("to", "2026-09-14"), ("duration", 12));
        (await st.Post("/_people/memberships/900/renew", "{}")).Expect(200);
        var all = (await st.Get($"{Memberships}/memberships?customerIds={customer}&active=Any&sort=%2BId")).Json.GetProperty("data");
        Assert.Equal(("Active", "Expired"), (all[1].GetProperty("status").GetString(), all[0].GetProperty("status").GetString()));
        Assert.Equal(all[1].GetProperty("id").GetInt64(), all[0].GetProperty("renewedById").GetInt64());
        Assert.Equal("Expired", (await st.Get($"{Memberships}/memberships/900/status-changes")).Json[0].GetProperty("newStatus").GetString());
        (await st.Patch($"{Memberships}/memberships/900", """{ "paymentMethodId": 1, "paymentTypeId": 3 }""")).Expect(400);
    }

    [Fact]
    public async Task Money_memberships_and_feedback_answer_writes_as_published()
    {
        var folder = Environment.GetEnvironmentVariable("SERVICETITAN_SPECS");
        Assert.SkipUnless(folder is not null, "SERVICETITAN_SPECS does not name the folder of ServiceTitan's OpenAPI documents.");
        OpenApiDocument Load(string name) => OpenApiDocument.Load(Path.Combine(folder!, name));
        var (accounting, memberships, interactions) = (Load("accounting-v2.json"), Load("memberships-v2.json"), Load("customer-interactions-v2.json"));
        await using var st = await Start();
        var (customer, invoice) = await Invoice(st);
        st.Put("customFieldTypes", 3500, ("name", "PO"), ("owner", "invoices"));
        Valid(accounting, "/invoices/{id}", "patch", await st.Patch($"{Accounting}/invoices/{invoice}", """{ "summary": "x", "royaltyMemo": "y", "assignedToId": 501, "dueDate": "2026-10-14" }"""));
        Valid(accounting, "/invoices/{id}", "patch", await st.Patch($"{Accounting}/invoices/5", "{}"));
        Valid(accounting, "/invoices", "post", await st.Post($"{Accounting}/invoices", $$"""{ "adjustmentToId": {{invoice}} }"""));
        Valid(accounting, "/invoices/{invoiceId}/items", "patch", await st.Patch($"{Accounting}/invoices/{invoice}/items", """{ "description": "x", "quantity": 1, "skuName": "V" }"""));
        Valid(accounting, "/invoices/custom-fields", "get", await st.Get($"{Accounting}/invoices/custom-fields"));
        Valid(accounting, "/invoices/custom-fields", "patch", await st.Patch($"{Accounting}/invoices/custom-fields", $$"""{ "operations": [ { "objectId": {{invoice}}, "customFields": [ { "name": "PO", "value": "7" } ] } ] }"""));
        Valid(accounting, "/invoices", "get", await st.Get($"{Accounting}/invoices"));
        Valid(accounting, "/export/invoices", "get", await st.Get($"{Accounting}/export/invoices"));
        Valid(accounting, "/export/invoice-items", "get", await st.Get($"{Accounting}/export/invoice-items"));
        var payment = await st.Post($"{Accounting}/payments", $$"""{ "typeId": 3, "amount": 5, "splits": [ { "invoiceId": {{invoice}}, "amount": 5 } ] }""");
        Valid(accounting, "/payments", "post", payment);
        Valid(accounting, "/payments", "post", await st.Post($"{Accounting}/payments", "{}"));
        Valid(accounting, "/payments/{id}", "patch", await st.Patch($"{Accounting}/payments/{payment.Json.GetProperty("id")}", """{ "typeId": 3, "splits": [] }"""));
        Valid(accounting, "/payments/status", "post", await st.Post($"{Accounting}/payments/status", $$"""{ "paymentIds": [ {{payment.Json.GetProperty("id")}} ], "status": "Posted" }"""));
        Valid(accounting, "/payments", "get", await st.Get($"{Accounting}/payments"));
        st.Put("membershipTypes", 415, ("name", "Gold"));
        st.Put("durationBillings", 4151, ("membershipTypeId", 415), ("saleTaskId", 9), ("duration", 12), ("billingFrequency", "Monthly"), ("salePrice", 120m));
        var sold = await st.Post($"{Memberships}/memberships/sale", $$"""{ "customerId": {{customer}}, "businessUnitId": 9020, "saleTaskId": 9, "durationBillingId": 4151, "recurringServiceAction": "None" }""");
        Valid(memberships, "/memberships/sale", "post", sold);
        var membership = sold.Json.GetProperty("customerMembershipId");
        Valid(memberships, "/memberships/{id}", "patch", await st.Patch($"{Memberships}/memberships/{membership}", """{ "status": "Suspended" }"""));
        Valid(memberships, "/memberships/{id}", "get", await st.Get($"{Memberships}/memberships/{membership}"));
        Valid(memberships, "/memberships/{id}/status-changes", "get", await st.Get($"{Memberships}/memberships/{membership}/status-changes"));
        Valid(memberships, "/membership-types", "get", await st.Get($"{Memberships}/membership-types?includeDurationBilling=true&includeDiscounts=true&includeRecurringServices=true&includeTags=true"));
        Valid(memberships, "/membership-types/{id}/duration-billing-items", "get", await st.Get($"{Memberships}/membership-types/415/duration-billing-items"));
        var (_, _, job) = await st.Book();
        Valid(interactions, "/technician-ratings", "post", await st.Post($"{Interactions}/technician-ratings", $$"""{ "technicianId": 3044, "jobId": {{job}}, "rating": 2.5 }"""));
        Valid(interactions, "/technician-ratings", "post", await st.Post($"{Interactions}/technician-ratings", $$"""{ "technicianId": 3044, "jobId": {{job}}, "rating": 11 }"""));
        Valid(interactions, "/technician-ratings", "post", await st.Post($"{Interactions}/technician-ratings", """{ "technicianId": 3044, "jobId": 5, "rating": 1 }"""));
        Valid(interactions, "/technician-rating/technician/{technicianId}/job/{jobId}", "put", await st.Put($"{Interactions}/technician-rating/technician/3044/job/{job}", """{ "value": 3 }"""));

        static void Valid(OpenApiDocument document, string path, string method, HttpReply reply) =>
            Assert.Empty(document.Problems(T + path, method, reply.Status, reply.Text.Length == 0 ? default : reply.Json));
    }

    private static async Task<TenantFixture> Start()
    {
        var st = await TenantFixture.Start();
        st.SetUp();
        return st;
    }

    private static async Task<(long Customer, long Invoice)> Invoice(TenantFixture st)
    {
        var (customer, _, job) = await st.Book();
        var invoice = (await st.Get($"{Jpm}/jobs/{job}")).Json.GetProperty("invoiceId").GetInt64();
        (await st.Patch($"{Accounting}/invoices/{invoice}", """{ "items": [ { "description": "Heater", "quantity": 2, "unitPrice": 55, "skuName": "H" } ] }""")).Expect(200);
        return (customer, invoice);
    }

    private static async Task<(string?, string?, string)> Totals(TenantFixture st, long customer, long invoice)
    {
        var read = (await st.Get($"{Accounting}/invoices?ids={invoice}")).Expect(200).Json.GetProperty("data")[0];
        return (read.GetProperty("total").GetString(), read.GetProperty("balance").GetString(),
            (await st.Get($"{Crm}/customers/{customer}")).Json.GetProperty("balance").GetDecimal().ToString("0.0", System.Globalization.CultureInfo.InvariantCulture));
    }
}
