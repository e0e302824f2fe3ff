using static WorkflowEngine.Simulators.Tests.ServiceTitan.TenantFixture;

namespace WorkflowEngine.Simulators.Tests.ServiceTitan;

public sealed class JobTests
{
    private const string Guid = "5b0b7c39-6f0e-4f57-9d0b-2c8f5d1a7e90";

    [Fact]
    public async Task A_job_is_made_with_its_visit_its_technician_and_its_invoice()
    {
        await using var st = await Start();
        var (customer, _, id) = await st.Book();
        var job = (await st.Get($"{Jpm}/jobs/{id}")).Expect(200).Json;
        Assert.Equal((id.ToString(), "Scheduled", 1), (job.GetProperty("jobNumber").GetString(), job.GetProperty("jobStatus").GetString(), job.GetProperty("appointmentCount").GetInt32()));
        var visit = (await st.Get($"{Jpm}/appointments?jobId={id}")).Json.GetProperty("data")[0];
        Assert.Equal(job.GetProperty("firstAppointmentId").GetInt64(), visit.GetProperty("id").GetInt64());
        Assert.Equal($"{id}-1", visit.GetProperty("appointmentNumber").GetString());
        var assigned = Assert.Single((await st.Get($"{Dispatch}/appointment-assignments?jobId={id}")).Json.GetProperty("data").EnumerateArray());
        Assert.Equal("Ruben Ortega", assigned.GetProperty("technicianName").GetString());
        var invoice = (await st.Get($"{Accounting}/invoices?ids={job.GetProperty("invoiceId")}")).Json.GetProperty("data")[0];
        Assert.Equal((customer, id, "0.00"), (invoice.GetProperty("customer").GetProperty("id").GetInt64(), invoice.GetProperty("job").GetProperty("id").GetInt64(), invoice.GetProperty("total").GetString()));
    }

    [Theory]
    [InlineData("customerId", """{ "customerId": 5 }""")]
    [InlineData("jobTypeId", """{ "jobTypeId": 1 }""")]
    [InlineData("priority", """{ "priority": "Soon" }""")]
    [InlineData("appointments", """{ "appointments": [] }""")]
    [InlineData("appointments", """{ "appointments": [ { "start": "2026-10-05T15:00:00Z", "end": "2026-10-05T15:00:00Z" } ] }""")]
    [InlineData("customFields", """{ "customFields": [ { "typeId": 1, "value": "x" } ] }""")]
    [InlineData("tagTypeIds", """{ "tagTypeIds": [ 1 ] }""")]
    [InlineData("soldById", """{ "soldById": 1 }""")]
    public async Task A_job_that_names_what_does_not_exist_or_fit_is_refused_and_not_made(string member, string change)
    {
        await using var st = await Start();
        var customer = await st.Create("Dana");
        var location = Ids(await st.Get($"{Crm}/locations?customerId={customer}"))[0];
        var body = System.Text.Json.Nodes.JsonNode.Parse(NewJob(customer, location))!.AsObject();
        foreach (var (name, value) in System.Text.Json.Nodes.JsonNode.Parse(change)!.AsObject().ToList())
        {
            body[name] = value!.DeepClone();
        }

        var errors = (await st.Post($"{Jpm}/jobs", body.ToJsonString())).Expect(400).Json.GetProperty("errors");
        Assert.True(errors.TryGetProperty(member, out _), errors.ToString());
        Assert.Empty(Ids(await st.Get($"{Jpm}/jobs")));
    }

    [Fact]
    public async Task A_job_at_a_place_of_somebody_else_is_refused()
    {
        await using var st = await Start();
        var (dana, other) = (await st.Create("Dana"), await st.Create("Other"));
        var elsewhere = Ids(await st.Get($"{Crm}/locations?customerId={other}"))[0];
        var errors = (await st.Post($"{Jpm}/jobs", NewJob(dana, elsewhere))).Expect(400).Json.GetProperty("errors");
        Assert.True(errors.TryGetProperty("locationId", out _));
    }

    [Fact]
    public async Task External_data_finds_the_job_and_shows_only_for_its_application()
    {
        await using var st = await Start();
        var (_, _, id) = await st.Book($$""", "externalData": { "applicationGuid": "{{Guid}}", "externalData": [ { "key": "sfOpportunityId", "value": "006A" } ] }""");
        await st.Book();
        Assert.Equal([id], Ids(await st.Get($"{Jpm}/jobs?externalDataApplicationGuid={Guid}&externalDataKey=sfOpportunityId&externalDataValues=006A,006B")));
        Assert.Equal(0, (await st.Get($"{Jpm}/jobs/{id}")).Json.GetProperty("externalData").GetArrayLength());
        Assert.Equal("006A", (await st.Get($"{Jpm}/jobs/{id}?externalDataApplicationGuid={Guid}")).Json.GetProperty("externalData")[0].GetProperty("value").GetString());
    }

    [Fact]
    public async Task Lists_of_a_job_replace_and_its_status_cannot_be_patched()
    {
        await using var st = await Start();
        var (_, _, id) = await st.Book(""", "customFields": [ { "typeId": 3402, "value": "006A" } ], "tagTypeIds": [ 771 ]""");
        var job = (await st.Patch($"{Jpm}/jobs/{id}", """{ "customFields": [], "tagTypeIds": [], "jobStatus": "Completed", "priority": "High" }""")).Expect(200).Json;
        Assert.Equal((0, 0, "Scheduled", "High"), (job.GetProperty("customFields").GetArrayLength(), job.GetProperty("tagTypeIds").GetArrayLength(), job.GetProperty("jobStatus").GetString(), job.GetProperty("priority").GetString()));
    }

    [Fact]
    public async Task A_cancelled_job_is_cancelled_once_and_can_come_back()
    {
        await using var st = await Start();
        var (_, _, id) = await st.Book();
        (await st.Put($"{Jpm}/jobs/{id}/cancel", """{ "reasonId": 99, "memo": "x" }""")).Expect(400);
        (await st.Put($"{Jpm}/jobs/{id}/cancel", """{ "reasonId": 11, "memo": "Not now" }""")).Expect(200);
        Assert.Equal("Canceled", await Status(st, id));
        Assert.Equal("Canceled", (await st.Get($"{Jpm}/appointments?jobId={id}")).Json.GetProperty("data")[0].GetProperty("status").GetString());
        Assert.Equal("Not now", (await st.Get($"{Jpm}/jobs/cancel-reasons?ids={id}")).Json.GetProperty("data")[0].GetProperty("text").GetString());
        (await st.Put($"{Jpm}/jobs/{id}/cancel", """{ "reasonId": 11, "memo": "Again" }""")).Expect(400);
        (await st.Put($"{Jpm}/jobs/{id}/remove-cancellation")).Expect(200);
        Assert.Equal("Scheduled", await Status(st, id));
        (await st.Put($"{Jpm}/jobs/{id}/remove-cancellation")).Expect(400);
        (await st.Put($"{Jpm}/jobs/5/cancel", """{ "reasonId": 11, "memo": "x" }""")).Expect(404);
    }

    [Fact]
    public async Task Only_a_job_with_technicians_is_completed_and_only_once()
    {
        await using var st = await Start();
        var (_, _, id) = await st.Book();
        var visit = Ids(await st.Get($"{Jpm}/appointments?jobId={id}"))[0];
        (await st.Post($"{Dispatch}/appointment-assignments/unassign-technicians", $$"""{ "jobAppointmentId": {{visit}}, "technicianIds": [ 3044 ] }""")).Expect(200);
        (await st.Put($"{Jpm}/jobs/{id}/complete", """{ "completedOn": "2026-09-14T21:00:00Z" }""")).Expect(409);
        (await st.Post($"{Dispatch}/appointment-assignments/assign-technicians", $$"""{ "jobAppointmentId": {{visit}}, "technicianIds": [ 3051 ] }""")).Expect(200);
        (await st.Put($"{Jpm}/jobs/{id}/complete", """{ "completedOn": "2026-09-14T21:00:00Z" }""")).Expect(200);
        Assert.Equal("Completed", await Status(st, id));
        (await st.Put($"{Jpm}/jobs/{id}/complete", """{ "completedOn": "2026-09-14T21:00:00Z" }""")).Expect(409);
        Assert.Equal("Done", (await st.Get($"{Dispatch}/appointment-assignments?jobId={id}")).Json.GetProperty("data")[0].GetProperty("status").GetString());
        Assert.Equal([id], Ids(await st.Get($"{Jpm}/jobs?jobStatus=Completed&completedOnOrAfter=2026-09-14T21:00:00Z")));
        Assert.Empty(Ids(await st.Get($"{Jpm}/jobs?completedOnOrAfter=2026-09-14T21:00:01Z")));
    }

    [Fact]
    public async Task Technicians_leave_their_visit_but_stay_visible_as_inactive()
    {
        await using var st = await Start();
        var (_, _, id) = await st.Book();
        var visit = Ids(await st.Get($"{Jpm}/appointments?jobId={id}"))[0];
        (await st.Post($"{Dispatch}/appointment-assignments/assign-technicians", $$"""{ "jobAppointmentId": {{visit}}, "technicianIds": [ 3044, 3051 ] }""")).Expect(200);
        (await st.Post($"{Dispatch}/appointment-assignments/unassign-technicians", $$"""{ "jobAppointmentId": {{visit}}, "technicianIds": [ 3044 ] }""")).Expect(200);
        Assert.Equal([3051], (await st.Get($"{Dispatch}/appointment-assignments?appointmentIds={visit}")).Json.GetProperty("data").EnumerateArray().Select(a => a.GetProperty("technicianId").GetInt32()));
        Assert.Equal(2, Ids(await st.Get($"{Dispatch}/appointment-assignments?jobId={id}&active=Any")).Length);
        Assert.Equal([id], Ids(await st.Get($"{Jpm}/jobs?technicianId=3051")));
    }

    [Fact]
    public async Task A_visit_is_moved_held_and_released_and_refuses_what_its_state_forbids()
    {
        await using var st = await Start();
        var (_, _, id) = await st.Book();
        var visit = Ids(await st.Get($"{Jpm}/appointments?jobId={id}"))[0];
        var moved = (await st.Patch($"{Jpm}/appointments/{visit}/reschedule", """{ "start": "2026-10-06T08:00:00Z", "end": "2026-10-06T10:00:00Z" }""")).Expect(200).Json;
        Assert.Equal("2026-10-06T08:00:00.0000000Z", moved.GetProperty("start").GetString());
        (await st.Patch($"{Jpm}/appointments/{visit}/reschedule", """{ "end": "2026-10-06T07:00:00Z" }""")).Expect(400);
        (await st.Delete($"{Jpm}/appointments/{visit}/hold")).Expect(409);
        (await st.Put($"{Jpm}/appointments/{visit}/hold", """{ "reasonId": 21, "memo": "Parts" }""")).Expect(200);
        Assert.Equal("Hold", await Status(st, id));
        (await st.Delete($"{Jpm}/appointments/{visit}/hold")).Expect(200);
        Assert.Equal("Scheduled", await Status(st, id));
        (await st.Delete($"{Jpm}/appointments/{visit}")).Expect(409);
        (await st.Put($"{Jpm}/appointments/{visit}/confirmation")).Expect(200);
        (await st.Put($"{Jpm}/appointments/{visit}/confirmation")).Expect(409);
        (await st.Post($"/_people/jobs/{id}/complete", "{}")).Expect(200);
        (await st.Patch($"{Jpm}/appointments/{visit}/reschedule", """{ "start": "2026-10-07T08:00:00Z", "end": "2026-10-07T10:00:00Z" }""")).Expect(409);
        (await st.Post($"{Jpm}/appointments", $$"""{ "jobId": {{id}}, "start": "2026-10-07T08:00:00Z", "end": "2026-10-07T10:00:00Z" }""")).Expect(409);
    }

    [Fact]
    public async Task Notes_hang_on_their_job_and_only_their_feed_tells_an_id()
    {
        await using var st = await Start();
        var (_, _, id) = await st.Book();
        (await st.Post($"{Jpm}/jobs/{id}/notes", """{ "text": "Dog in the yard", "pinToTop": true }""")).Expect(200);
        var note = (await st.Get($"{Jpm}/jobs/{id}/notes")).Json.GetProperty("data")[0];
        Assert.False(note.TryGetProperty("id", out _));
        Assert.Equal(id, (await st.Get($"{Jpm}/export/job-notes")).Json.GetProperty("data")[0].GetProperty("jobId").GetInt64());
        (await st.Get($"{Jpm}/jobs/5/notes")).Expect(404);
    }

    [Fact]
    public async Task A_booking_of_a_provider_becomes_a_job()
    {
        await using var st = await Start();
        const string Own = $"{Crm}/booking-provider/900/bookings";
        var booking = (await st.Post(Own, """{ "source": "Web", "name": "Dana", "summary": "Leak", "isFirstTimeClient": true, "externalId": "w-1", "contacts": [ { "type": "Email", "value": "d@example.com" } ] }""")).Expect(200).Json;
        var key = booking.GetProperty("id").GetInt64();
        Assert.Equal([key], Ids(await st.Get($"{Crm}/bookings?externalId=w-1")));
        Assert.Equal("d@example.com", (await st.Get($"{Crm}/bookings/{key}/contacts")).Json.GetProperty("data")[0].GetProperty("value").GetString());
        (await st.Get($"{Crm}/booking-provider/901/bookings/{key}")).Expect(404);
        var (_, _, job) = await st.Book($$""", "bookingId": {{key}}""");
        var converted = (await st.Get($"{Crm}/bookings/{key}")).Json;
        Assert.Equal(("Converted", job), (converted.GetProperty("status").GetString(), converted.GetProperty("jobId").GetInt64()));
        (await st.Patch($"{Own}/{key}", """{ "name": "Late" }""")).Expect(409);
    }

    [Fact]
    public async Task A_new_job_becomes_visible_late_but_can_be_written_at_once()
    {
        await using var st = await TenantFixture.Start(o => o with { LateVisibility = TimeSpan.FromMinutes(2) });
        st.SetUp();
        var customer = await st.Create("Dana");
        st.Time.Advance(TimeSpan.FromMinutes(2));
        var location = Ids(await st.Get($"{Crm}/locations?customerId={customer}"))[0];
        var id = (await st.Post($"{Jpm}/jobs", NewJob(customer, location))).Expect(200).Json.GetProperty("id").GetInt64();
        (await st.Get($"{Jpm}/jobs/{id}")).Expect(404);
        Assert.Empty(Ids(await st.Get($"{Jpm}/jobs?ids={id}")));
        Assert.Empty(Ids(await st.Get($"{Jpm}/appointments?jobId={id}")));
        (await st.Patch($"{Jpm}/jobs/{id}", """{ "priority": "High" }""")).Expect(200);
        st.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal([id], Ids(await st.Get($"{Jpm}/export/jobs")));
    }

    [Fact]
    public async Task Sorts_and_filters_are_those_the_vendor_knows()
    {
        await using var st = await Start();
        var (_, _, first) = await st.Book();
        var (_, _, second) = await st.Book();
        Assert.Equal([second, first], Ids(await st.Get($"{Jpm}/jobs?sort=-Id")));
        (await st.Get($"{Jpm}/jobs?sort=-completedOn")).Expect(400);
        Assert.Equal([second], Ids(await st.Get($"{Jpm}/jobs?number={second}")));
        Assert.Equal(2, Ids(await st.Get($"{Jpm}/jobs?jobNumber={second}&scheduledOnOrAfter=2030-01-01")).Length);
        Assert.Equal(1187, Assert.Single(Ids(await st.Get($"{Jpm}/job-types?name=HEATER"))));
        Assert.Equal(3044, Assert.Single(Ids(await st.Get("/settings/v2/tenant/1/technicians?ids=3044,1"))));
    }

    [Fact]
    public async Task A_place_is_patched_whole_and_refers_to_what_exists()
    {
        await using var st = await Start();
        var customer = await st.Create("Dana");
        var location = Ids(await st.Get($"{Crm}/locations?customerId={customer}"))[0];
        (await st.Patch($"{Crm}/locations/{location}", $$"""{ "address": {{Home}} }""")).Expect(400);
        (await st.Patch($"{Crm}/locations/{location}", """{ "customerId": 5 }""")).Expect(409);
        (await st.Patch($"{Crm}/locations/{location}", """{ "taxZoneId": 99 }""")).Expect(409);
        var changed = (await st.Patch($"{Crm}/locations/{location}", """{ "name": "Cabin", "customFields": [ { "typeId": 3311, "value": "4711" } ], "tagTypeIds": [ 771 ] }""")).Expect(200).Json;
        Assert.Equal(("Cabin", "Gate code"), (changed.GetProperty("name").GetString(), changed.GetProperty("customFields")[0].GetProperty("name").GetString()));
        var line = (await st.Post($"{Crm}/locations/{location}/contacts", """{ "type": "Phone", "value": "208 555 0101" }""")).Expect(200).Json.GetProperty("id").GetInt64();
        Assert.Equal(location, (await st.Get($"{Crm}/locations/contacts?locationIds={location}")).Json.GetProperty("data")[0].GetProperty("locationId").GetInt64());
        (await st.Get($"{Crm}/locations/contacts")).Expect(400);
        (await st.Delete($"{Crm}/locations/{location}/contacts/{line}")).Expect(200);
        Assert.Empty(Ids(await st.Get($"{Crm}/locations/{location}/contacts")));
        (await st.Patch($"{Crm}/locations/{location}", """{ "active": false }""")).Expect(200);
        (await st.Get($"{Crm}/locations/{location}/contacts")).Expect(409);
    }

    [Fact]
    public async Task The_contact_hub_tells_whose_an_email_address_is()
    {
        await using var st = await Start();
        var id = await st.Create("Dana", """[ { "type": "Email", "value": "Dana@example.com" } ]""");
        await st.Create("Other", """[ { "type": "Email", "value": "other@example.com" } ]""");
        var method = Assert.Single((await st.Get($"{Crm}/contacts/contact-methods?value=dana@example.com&type=Email")).Expect(200).Json.GetProperty("data").EnumerateArray());
        var relation = (await st.Get($"{Crm}/contacts/{method.GetProperty("contactId").GetString()}/relationships?typeSlug=customer")).Expect(200).Json.GetProperty("data")[0];
        Assert.Equal((id, "customer"), (relation.GetProperty("relatedEntityId").GetInt64(), relation.GetProperty("typeSlug").GetString()));
        (await st.Get($"{Crm}/contacts/{System.Guid.NewGuid()}/relationships")).Expect(404);
    }

    private static async Task<TenantFixture> Start()
    {
        var st = await TenantFixture.Start();
        st.SetUp();
        return st;
    }

    private static async Task<string?> Status(TenantFixture st, long id) => (await st.Get($"{Jpm}/jobs/{id}")).Expect(200).Json.GetProperty("jobStatus").GetString();
}
