using static WorkflowEngine.Simulators.Tests.ServiceTitan.TenantFixture;

namespace WorkflowEngine.Simulators.Tests.ServiceTitan;

/// <summary>Answers are valid against the vendor's own OpenAPI documents, whose folder <c>SERVICETITAN_SPECS</c> names.</summary>
public sealed class OpenApiTests
{
    private const string T = "/tenant/{tenant}";

    private static OpenApiDocument Load(string file)
    {
        var folder = Environment.GetEnvironmentVariable("SERVICETITAN_SPECS");
        Assert.SkipUnless(folder is not null, "SERVICETITAN_SPECS does not name the folder of ServiceTitan's OpenAPI documents.");
        return OpenApiDocument.Load(Path.Combine(folder!, file));
    }

    [Fact]
    public async Task Customers_contacts_locations_and_feeds_are_as_published()
    {
        var crm = Load("crm-v2.json");
        await using var st = await TenantFixture.Start();
        st.SetUp();
        const string Lines = """[ { "type": "Email", "value": "a@example.com" }, { "type": "Phone", "value": "208 555 0100", "memo": "x" } ]""";
        var created = await st.Post($"{Crm}/customers", NewCustomer("A", Lines, """, "tagTypeIds": [ 771 ], "customFields": [ { "typeId": 3310, "value": "v" } ]"""));
        var id = created.Expect(200).Json.GetProperty("id").GetInt64();
        var other = await st.Create("B");
        (await st.Post("/_people/merge", $$"""{ "from": {{other}}, "to": {{id}} }""")).Expect(204);
        Valid($"{T}/customers", "post", created);
        Valid($"{T}/customers", "get", await st.Get($"{Crm}/customers?active=Any"));
        Valid($"{T}/customers", "get", await st.Get($"{Crm}/customers?includeTotal=true"));
        Valid($"{T}/customers/{{id}}", "get", await st.Get($"{Crm}/customers/{id}"));
        Valid($"{T}/customers/{{id}}", "patch", await st.Patch($"{Crm}/customers/{id}", """{ "name": "C" }"""));
        Valid($"{T}/customers/{{id}}/contacts", "get", await st.Get($"{Crm}/customers/{id}/contacts"));
        Valid($"{T}/customers/{{id}}/contacts", "post", await st.Post($"{Crm}/customers/{id}/contacts", """{ "type": "Fax", "value": "1" }"""));
        Valid($"{T}/customers/contacts", "get", await st.Get($"{Crm}/customers/contacts?customerIds={id}"));
        Valid($"{T}/export/customers", "get", await st.Get($"{Crm}/export/customers"));
        Valid($"{T}/export/customers/contacts", "get", await st.Get($"{Crm}/export/customers/contacts"));
        Valid($"{T}/export/locations", "get", await st.Get($"{Crm}/export/locations"));
        Valid($"{T}/locations", "get", await st.Get($"{Crm}/locations"));
        Valid($"{T}/locations", "post", await st.Post($"{Crm}/locations", $$"""{ "customerId": {{id}}, "name": "x", "address": {{Home}} }"""));
        Valid($"{T}/customers/{{id}}", "get", await st.Get($"{Crm}/customers/5"));
        Valid($"{T}/customers", "post", await st.Post($"{Crm}/customers", "{}"));
        Valid($"{T}/customers/{{id}}/contacts", "get", await st.Get($"{Crm}/customers/{other}/contacts"));

        void Valid(string path, string method, HttpReply reply) => Assert.Empty(crm.Problems(path, method, reply.Status, reply.Json));
    }

    [Fact]
    public async Task Tag_types_are_as_published()
    {
        var settings = Load("settings-v2.json");
        await using var st = await TenantFixture.Start();
        var created = await st.Post($"{Settings}/tag-types", """{ "name": "VIP", "color": "#aa0000", "importance": "High" }""");
        Assert.Empty(settings.Problems($"{T}/tag-types", "post", created.Status, created.Json));
        var list = await st.Get($"{Settings}/tag-types");
        Assert.Empty(settings.Problems($"{T}/tag-types", "get", list.Status, list.Json));
        var feed = await st.Get($"{Settings}/export/tag-types");
        Assert.Empty(settings.Problems($"{T}/export/tag-types", "get", feed.Status, feed.Json));
    }

    /// <summary>Every kind of record, as sparse as people enter it: list, reading by id and feed.</summary>
    [Theory]
    [InlineData("jpm", "jobs", "jobs", "jobs", true)]
    [InlineData("jpm", "appointments", "appointments", "appointments", true)]
    [InlineData("jpm", "job-types", "jobTypes", null, true)]
    [InlineData("jpm", "job-cancel-reasons", "jobCancelReasons", null, false)]
    [InlineData("jpm", "job-hold-reasons", "jobHoldReasons", null, false)]
    [InlineData("jpm", null, "jobNotes", "job-notes", false)]
    [InlineData("jpm", null, "jobCanceledLogs", "job-canceled-logs", false)]
    [InlineData("dispatch", "appointment-assignments", "assignments", "appointment-assignments", false)]
    [InlineData("crm", "bookings", "bookings", "bookings", true)]
    [InlineData("settings", "technicians", "technicians", "technicians", true)]
    [InlineData("settings", "employees", "employees", "employees", true)]
    [InlineData("settings", "business-units", "businessUnits", "business-units", true)]
    [InlineData("marketing", "campaigns", "campaigns", null, true)]
    [InlineData("marketing", "categories", "campaignCategories", null, true)]
    [InlineData("accounting", "invoices", "invoices", "invoices", false)]
    [InlineData("accounting", null, "invoiceItems", "invoice-items", false)]
    [InlineData("accounting", "payments", "payments", "payments", false)]
    [InlineData("accounting", "payment-types", "paymentTypes", null, true)]
    [InlineData("memberships", "memberships", "memberships", "memberships", true)]
    [InlineData("memberships", null, "membershipStatusChanges", "membership-status-changes", false)]
    [InlineData("memberships", "membership-types", "membershipTypes", "membership-types", true)]
    [InlineData("marketing-reputation", "reviews", "reviews", null, false)]
    [InlineData("customer-interactions", "technician-ratings", "technicianRatings", "technician-ratings", false)]
    public async Task A_kind_of_record_is_as_published(string file, string? list, string kind, string? feed, bool byId)
    {
        var document = Load($"{file}-v2.json");
        var root = $"/{file.Replace("-reputation", "reputation", StringComparison.Ordinal)}/v2/tenant/1234567890";
        await using var st = await TenantFixture.Start();
        var id = st.Simulator.PutRecord(kind, new Dictionary<string, object?>());
        await Check(list is null ? null : $"/{list}");
        await Check(feed is null ? null : $"/export/{feed}");
        if (byId)
        {
            var one = await st.Get($"{root}/{list}/{id}");
            Assert.Empty(document.Problems($"{T}/{list}/{{id}}", "get", one.Expect(200).Status, one.Json));
        }

        async Task Check(string? path)
        {
            if (path is null)
            {
                return;
            }

            var reply = (await st.Get(root + path)).Expect(200);
            Assert.Equal(1, reply.Json.GetProperty("data").GetArrayLength());
            Assert.Empty(document.Problems(T + path, "get", 200, reply.Json));
        }
    }

    [Fact]
    public async Task Jobs_visits_and_bookings_answer_writes_as_published()
    {
        var (jpm, dispatch, crm, marketing) = (Load("jpm-v2.json"), Load("dispatch-v2.json"), Load("crm-v2.json"), Load("marketing-v2.json"));
        await using var st = await TenantFixture.Start();
        st.SetUp();
        const string Guid = """, "externalData": { "applicationGuid": "5b0b7c39-6f0e-4f57-9d0b-2c8f5d1a7e90", "externalData": [ { "key": "a", "value": "b" } ] }""";
        var (customer, location, id) = await st.Book();
        Valid(jpm, "/jobs", "post", await st.Post($"{Jpm}/jobs", NewJob(customer, location, ", \"tagTypeIds\": [ 771 ], \"customFields\": [ { \"typeId\": 3402, \"value\": \"x\" } ]" + Guid)));
        Valid(jpm, "/jobs", "post", await st.Post($"{Jpm}/jobs", "{}"));
        Valid(jpm, "/jobs/{id}", "patch", await st.Patch($"{Jpm}/jobs/{id}", """{ "priority": "High" }"""));
        Valid(jpm, "/jobs/{id}", "patch", await st.Patch($"{Jpm}/jobs/5", """{ "priority": "High" }"""));
        var visit = Ids(await st.Get($"{Jpm}/appointments?jobId={id}"))[0];
        Valid(jpm, "/appointments", "post", await st.Post($"{Jpm}/appointments", $$"""{ "jobId": {{id}}, "start": "2026-10-07T08:00:00Z", "end": "2026-10-07T10:00:00Z" }"""));
        Valid(jpm, "/appointments/{id}/reschedule", "patch", await st.Patch($"{Jpm}/appointments/{visit}/reschedule", """{ "start": "2026-10-06T08:00:00Z", "end": "2026-10-06T10:00:00Z" }"""));
        Valid(jpm, "/appointments/{id}/special-instructions", "put", await st.Put($"{Jpm}/appointments/{visit}/special-instructions", """{ "specialInstructions": "Ring twice" }"""));
        Valid(jpm, "/appointments/{id}/confirmation", "put", await st.Put($"{Jpm}/appointments/{visit}/confirmation"));
        Valid(jpm, "/appointments/{id}/confirmation", "delete", await st.Delete($"{Jpm}/appointments/{visit}/confirmation"));
        Valid(jpm, "/appointments/{id}/confirmation", "delete", await st.Delete($"{Jpm}/appointments/{visit}/confirmation"));
        Valid(jpm, "/appointments/{id}/hold", "put", await st.Put($"{Jpm}/appointments/{visit}/hold", """{ "reasonId": 21, "memo": "x" }"""));
        Valid(jpm, "/appointments/{id}/hold", "delete", await st.Delete($"{Jpm}/appointments/{visit}/hold"));
        Valid(jpm, "/appointments/{id}/hold", "delete", await st.Delete($"{Jpm}/appointments/{visit}/hold"));
        Valid(dispatch, "/appointment-assignments/assign-technicians", "post", await st.Post($"{Dispatch}/appointment-assignments/assign-technicians", $$"""{ "jobAppointmentId": {{visit}}, "technicianIds": [ 3051 ] }"""));
        Valid(dispatch, "/appointment-assignments/unassign-technicians", "post", await st.Post($"{Dispatch}/appointment-assignments/unassign-technicians", $$"""{ "jobAppointmentId": {{visit}}, "technicianIds": [ 3051 ] }"""));
        Valid(jpm, "/jobs/{id}/notes", "post", await st.Post($"{Jpm}/jobs/{id}/notes", """{ "text": "x" }"""));
        Valid(jpm, "/jobs/{id}/notes", "get", await st.Get($"{Jpm}/jobs/{id}/notes"));
        Valid(jpm, "/jobs/{id}/complete", "put", await st.Put($"{Jpm}/jobs/{id}/complete", """{ "completedOn": "2026-09-14T21:00:00Z" }"""));
        Valid(jpm, "/jobs/{id}/complete", "put", await st.Put($"{Jpm}/jobs/{id}/complete", """{ "completedOn": "2026-09-14T21:00:00Z" }"""));
        Valid(jpm, "/jobs/{id}/hold", "put", await st.Put($"{Jpm}/jobs/{id}/hold", """{ "reasonId": 21, "memo": "x" }"""));
        Valid(jpm, "/jobs/{id}/cancel", "put", await st.Put($"{Jpm}/jobs/{id}/cancel", """{ "reasonId": 11, "memo": "x" }"""));
        Valid(jpm, "/jobs/{id}/canceled-log", "get", await st.Get($"{Jpm}/jobs/{id}/canceled-log"));
        Valid(jpm, "/jobs/cancel-reasons", "get", await st.Get($"{Jpm}/jobs/cancel-reasons?ids={id}"));
        Valid(jpm, "/jobs/{id}/remove-cancellation", "put", await st.Put($"{Jpm}/jobs/{id}/remove-cancellation"));
        Valid(jpm, "/jobs/custom-fields", "get", await st.Get($"{Jpm}/jobs/custom-fields"));
        Valid(crm, "/customers/custom-fields", "get", await st.Get($"{Crm}/customers/custom-fields"));
        Valid(jpm, "/job-types", "post", await st.Post($"{Jpm}/job-types", "{ \"name\": \"New\"" + Guid + " }"));
        Valid(marketing, "/campaigns", "post", await st.Post("/marketing/v2/tenant/1/campaigns", """{ "name": "New", "businessUnitId": 9020, "categoryId": 70, "active": true }"""));
        Valid(marketing, "/campaigns", "post", await st.Post("/marketing/v2/tenant/1/campaigns", """{ "name": "New" }"""));
        Valid(crm, "/locations/{id}", "patch", await st.Patch($"{Crm}/locations/{location}", """{ "name": "Cabin" }"""));
        Valid(crm, "/locations/{id}", "patch", await st.Patch($"{Crm}/locations/{location}", """{ "taxZoneId": 99 }"""));
        Valid(crm, "/locations/{id}/contacts", "post", await st.Post($"{Crm}/locations/{location}/contacts", """{ "type": "Phone", "value": "1" }"""));
        Valid(crm, "/locations/contacts", "get", await st.Get($"{Crm}/locations/contacts?locationIds={location}"));
        Valid(crm, "/contacts/contact-methods", "get", await st.Get($"{Crm}/contacts/contact-methods"));
        var contact = (await st.Get($"{Crm}/contacts/contact-methods")).Json.GetProperty("data")[0].GetProperty("contactId").GetString();
        Valid(crm, "/contacts/{contactId}/relationships", "get", await st.Get($"{Crm}/contacts/{contact}/relationships"));
        const string Provider = "/booking-provider/{booking_provider}/bookings";
        const string Own = $"{Crm}/booking-provider/900/bookings";
        var booking = await st.Post(Own, """{ "source": "Web", "name": "Dana", "summary": "Leak", "isFirstTimeClient": true, "externalId": "w-1", "contacts": [ { "type": "Email", "value": "d@example.com" } ] }""");
        Valid(crm, Provider, "post", booking);
        var key = booking.Json.GetProperty("id");
        Valid(crm, Provider + "/{id}", "patch", await st.Patch($"{Own}/{key}", """{ "name": "Dana W." }"""));
        Valid(crm, "/bookings/{id}/contacts", "get", await st.Get($"{Crm}/bookings/{key}/contacts"));
        Valid(crm, Provider + "/{id}/dismiss", "post", await st.Post($"{Own}/{key}/dismiss", "{}"));
        Valid(crm, Provider + "/{id}", "patch", await st.Patch($"{Own}/{key}", """{ "name": "Dana W." }"""));

        static void Valid(OpenApiDocument document, string path, string method, HttpReply reply) =>
            Assert.Empty(document.Problems(T + path, method, reply.Status, reply.Text.Length == 0 ? default : reply.Json));
    }
}
