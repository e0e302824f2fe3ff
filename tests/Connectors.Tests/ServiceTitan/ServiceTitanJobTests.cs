using WorkflowEngine.Abstractions;
using WorkflowEngine.Simulators.ServiceTitan;
using static WorkflowEngine.Connectors.Tests.ServiceTitan.TestTenant;

namespace WorkflowEngine.Connectors.Tests.ServiceTitan;

public sealed class ServiceTitanJobTests : ServiceTitanTest
{
    private static readonly DateTimeOffset Start = new(2026, 10, 5, 15, 0, 0, TimeSpan.Zero);

    protected override (string Name, string Value)[] More => [("applicationGuid", ApplicationGuid), ("bookingProvider", "900")];

    [Fact]
    public void Requests_are_held_against_the_published_documents()
    {
        Assert.SkipUnless(PublishedRequests.Folder is not null, "SERVICETITAN_SPECS does not name the folder of ServiceTitan's OpenAPI documents.");
        Assert.True(File.Exists(Path.Combine(PublishedRequests.Folder!, "jpm-v2.json")));
    }

    [Fact]
    public async Task A_job_is_made_with_its_visit_and_found_by_its_external_key()
    {
        var job = await BookAsync(("external.sfOpportunityId", "006A"), ("custom.Opportunity", "006A"), ("tagTypeIds", new List<object?> { "771" }));
        Assert.True(job.Created);
        Assert.Equal(("Scheduled", "006A"), (job.Record!["jobStatus"], ((IReadOnlyDictionary<string, object?>)job.Record["custom"]!)["Opportunity"]));
        var found = Assert.Single(await RowsAsync(Read("job", Is("external.sfOpportunityId", "006A"))));
        Assert.Equal((job.Id, job.Id), (found["id"], found["jobNumber"]));
        var visit = Assert.Single(await RowsAsync(Read("appointment", Is("id", (string)job.Record["firstAppointmentId"]!))));
        Assert.Equal(Start, visit["start"]);
        var assignment = Assert.Single(await RowsAsync(Read("appointmentAssignment", Is("jobId", job.Id))));
        Assert.Equal("Ruben Ortega", assignment["technicianName"]);
    }

    [Fact]
    public async Task A_changed_custom_field_and_key_leave_the_others()
    {
        var job = await BookAsync(("external.a", "1"), ("custom.Opportunity", "006A"));
        var changed = (await WriteAsync("job", WriteVerb.Update, job.Id, ("custom.Gate code", "4711"), ("external.b", "2"), ("priority", "Urgent"))).Value!;
        Assert.Equal("Urgent", changed.Record!["priority"]);
        var read = Assert.Single(await RowsAsync(Read("job", Is("id", job.Id))));
        Assert.Equal(["Gate code", "Opportunity"], ((IReadOnlyDictionary<string, object?>)read["custom"]!).Keys.Order());
        Assert.Equal(["a", "b"], ((IReadOnlyDictionary<string, object?>)read["external"]!).Keys.Order());
    }

    [Fact]
    public async Task An_unknown_custom_field_is_refused_before_a_call()
    {
        var job = await BookAsync();
        var error = (await WriteAsync("job", WriteVerb.Update, job.Id, ("custom.Colour", "blue"))).Error!;
        Assert.Equal((ErrorKind.Rejected, "custom.Colour"), (error.Kind, Assert.Single(error.Fields)));
    }

    [Fact]
    public async Task A_job_of_an_unknown_kind_is_rejected_with_the_vendors_words()
    {
        var error = (await CreateAsync(("jobTypeId", "99"))).Error!;
        Assert.Equal((ErrorKind.Rejected, "400"), (error.Kind, error.Code));
        Assert.Equal(["jobTypeId"], error.Fields);
        Assert.True(error.NotExecuted);
    }

    [Fact]
    public async Task Cancelling_twice_is_the_same_as_once()
    {
        var job = await BookAsync();
        (string, object?)[] with = [("id", job.Id), ("reasonId", "11"), ("memo", "Not now")];
        Assert.Equal(job.Id, (await CallAsync("job.cancel", with)).Value!["id"]);
        Assert.Equal("Canceled", await StatusAsync(job.Id));
        Assert.Null((await CallAsync("job.cancel", with)).Error);
        Assert.Null((await CallAsync("job.removeCancellation", ("id", job.Id))).Error);
        Assert.Null((await CallAsync("job.removeCancellation", ("id", job.Id))).Error);
        Assert.Equal("Scheduled", await StatusAsync(job.Id));
    }

    [Fact]
    public async Task A_refused_action_stays_refused_when_it_was_not_done_before()
    {
        var job = await BookAsync();
        Assert.Equal((ErrorKind.Rejected, "400"), Kind(await CallAsync("job.cancel", ("id", job.Id), ("reasonId", "99"), ("memo", "x"))));
        Assert.Equal((ErrorKind.Rejected, "404"), Kind(await CallAsync("job.cancel", ("id", "5"), ("reasonId", "11"), ("memo", "x"))));
        Assert.Equal((ErrorKind.Rejected, "invalidValue"), Kind(await CallAsync("job.cancel", ("id", "12/../3"), ("reasonId", "11"), ("memo", "x"))));
        Assert.Equal("Scheduled", await StatusAsync(job.Id));
    }

    [Fact]
    public async Task A_job_is_held_and_completed()
    {
        var job = await BookAsync();
        Assert.Null((await CallAsync("job.hold", ("id", job.Id), ("reasonId", "21"), ("memo", "Parts"))).Error);
        Assert.Null((await CallAsync("job.hold", ("id", job.Id), ("reasonId", "21"), ("memo", "Parts"))).Error);
        Assert.Null((await CallAsync("job.complete", ("id", job.Id), ("completedOn", Start))).Error);
        Assert.Null((await CallAsync("job.complete", ("id", job.Id), ("completedOn", Start))).Error);
        Assert.Equal("Completed", await StatusAsync(job.Id));
        Assert.Equal((ErrorKind.Rejected, "400"), Kind(await CallAsync("job.hold", ("id", job.Id), ("reasonId", "21"), ("memo", "Parts"))));
    }

    [Fact]
    public async Task A_visit_is_moved_staffed_confirmed_and_instructed()
    {
        var job = await BookAsync();
        var id = (string)job.Record!["firstAppointmentId"]!;
        Assert.Null((await CallAsync("appointment.reschedule", ("id", id), ("start", Start.AddDays(1)), ("end", Start.AddDays(1).AddHours(2)))).Error);
        Assert.Null((await CallAsync("appointment.assignTechnicians", ("id", id), ("technicianIds", new List<object?> { "3044", "3051" }))).Error);
        Assert.Null((await CallAsync("appointment.unassignTechnicians", ("id", id), ("technicianIds", new List<object?> { "3044" }))).Error);
        Assert.Null((await CallAsync("appointment.confirm", ("id", id))).Error);
        Assert.Null((await CallAsync("appointment.confirm", ("id", id))).Error);
        Assert.Null((await CallAsync("appointment.instruct", ("id", id), ("specialInstructions", "Ring twice"))).Error);
        Assert.Null((await CallAsync("appointment.hold", ("id", id), ("reasonId", "21"), ("memo", "Parts"))).Error);
        Assert.Null((await CallAsync("appointment.release", ("id", id))).Error);
        Assert.Null((await CallAsync("appointment.release", ("id", id))).Error);
        var visit = Assert.Single(await RowsAsync(Read("appointment", Is("jobId", job.Id))));
        Assert.Equal((Start.AddDays(1), true, "Ring twice", "Scheduled"), (visit["start"], visit["isConfirmed"], visit["specialInstructions"], visit["status"]));
        Assert.Equal(["3051"], (await RowsAsync(Read("appointmentAssignment", Is("appointmentId", id)))).Select(a => a["technicianId"]));
        Assert.Equal(2, (await RowsAsync(Read("appointmentAssignment", Is("jobId", job.Id)) with { IncludeInactive = true })).Count);
    }

    [Fact]
    public async Task A_confirmation_is_taken_back_once_however_often_it_is_asked_for()
    {
        var id = (string)(await BookAsync()).Record!["firstAppointmentId"]!;
        Assert.Null((await CallAsync("appointment.confirm", ("id", id))).Error);
        Assert.Null((await CallAsync("appointment.unconfirm", ("id", id))).Error);
        var again = await CallAsync("appointment.unconfirm", ("id", id));
        Assert.Equal(id, again.Value!["id"]);
        Assert.Equal(false, Assert.Single(await RowsAsync(Read("appointment", Is("id", id))))["isConfirmed"]);
        Assert.Equal((ErrorKind.Rejected, "404"), Kind(await CallAsync("appointment.unconfirm", ("id", "5"))));
    }

    [Fact]
    public async Task A_second_visit_is_made_and_removed()
    {
        var job = await BookAsync();
        var made = (await WriteAsync("appointment", WriteVerb.Create, null, ("jobId", job.Id), ("start", Start.AddDays(2)), ("end", Start.AddDays(2).AddHours(1)))).Value!;
        Assert.Equal(2, (await RowsAsync(Read("appointment", Is("jobId", job.Id)))).Count);
        Assert.Null((await WriteAsync("appointment", WriteVerb.Delete, made.Id)).Error);
        Assert.Single(await RowsAsync(Read("appointment", Is("jobId", job.Id))));
        Assert.Null((await WriteAsync("appointment", WriteVerb.Delete, made.Id)).Error);
        // The only visit of a job cannot go.
        Assert.Equal("409", (await WriteAsync("appointment", WriteVerb.Delete, (string)job.Record!["firstAppointmentId"]!)).Error?.Code);
    }

    [Fact]
    public async Task A_note_is_added_and_read_with_the_same_id()
    {
        var job = await BookAsync();
        var made = (await WriteAsync("jobNote", WriteVerb.Create, null, ("jobId", job.Id), ("text", "Dog in the yard"), ("pinToTop", true))).Value!;
        var note = Assert.Single(await RowsAsync(Read("jobNote", Is("jobId", job.Id))));
        Assert.Equal((made.Id, "Dog in the yard", true), (note["id"], note["text"], note["isPinned"]));
    }

    [Fact]
    public async Task A_booking_is_made_under_our_provider_changed_and_dismissed()
    {
        SetUp();
        var made = (await WriteAsync("booking", WriteVerb.Create, null, ("source", "Web"), ("name", "Dana"), ("summary", "Leak"), ("isFirstTimeClient", true), ("externalId", "w-1"),
            ("address", Address()))).Value!;
        Assert.Null((await WriteAsync("booking", WriteVerb.Update, made.Id, ("address.zip", "83703"), ("name", "Dana W."))).Error);
        var read = Assert.Single(await RowsAsync(Read("booking", Is("externalId", "w-1"))));
        Assert.Equal(("Dana W.", "83703", "2214 Alder Ridge Rd"), (read["name"], ((IReadOnlyDictionary<string, object?>)read["address"]!)["zip"], ((IReadOnlyDictionary<string, object?>)read["address"]!)["street"]));
        Assert.Null((await CallAsync("booking.dismiss", ("id", made.Id))).Error);
        Assert.Null((await CallAsync("booking.dismiss", ("id", made.Id))).Error);
        Assert.Equal("Dismissed", Assert.Single(await RowsAsync(Read("booking", Is("id", made.Id))))["status"]);
    }

    [Fact]
    public async Task Without_a_booking_provider_a_booking_is_misconfigured()
    {
        await using var connection = Connect();
        var batch = new WriteBatch { Entity = "booking", Verb = WriteVerb.Create, Items = [new WriteItem { Fields = new Dictionary<string, object?> { ["name"] = "Dana" } }] };
        Assert.Equal((ErrorKind.Misconfigured, "bookingProvider"), ((await connection.WriteAsync(batch, Cancel)).Items[0].Error!.Kind, (await connection.WriteAsync(batch, Cancel)).Items[0].Error!.Code));
    }

    [Fact]
    public async Task A_place_and_its_lines_are_made_changed_and_removed()
    {
        SetUp();
        var customer = Id(new CustomerSeed { Name = "Dana" });
        var place = (await WriteAsync("location", WriteVerb.Create, null, ("customerId", customer), ("name", "Cabin"), ("address", Address()), ("external.sfPlace", "001A/1"))).Value!;
        Assert.Equal(place.Id, Assert.Single(await RowsAsync(Read("location", Is("external.sfPlace", "001A/1"))))["id"]);
        Assert.Null((await WriteAsync("location", WriteVerb.Update, place.Id, ("address.unit", "B"), ("name", "Lodge"))).Error);
        var read = Assert.Single(await RowsAsync(Read("location", new AllOf([Is("customerId", customer), Is("address.street", "2214 Alder Ridge Rd"), Is("address.zip", "83702")]))));
        Assert.Equal(("Lodge", "B"), (read["name"], ((IReadOnlyDictionary<string, object?>)read["address"]!)["unit"]));
        var line = (await WriteAsync("locationContact", WriteVerb.Create, null, ("locationId", place.Id), ("type", "Phone"), ("value", "208 555 0101"))).Value!;
        Assert.Null((await WriteAsync("locationContact", WriteVerb.Update, line.Id, ("locationId", place.Id), ("memo", "Gate"))).Error);
        Assert.Equal("Gate", Assert.Single(await RowsAsync(Read("locationContact", Is("locationId", place.Id))))["memo"]);
        Assert.Null((await CallAsync("locationContact.remove", ("id", line.Id), ("locationId", place.Id))).Error);
        Assert.Empty(await RowsAsync(Read("locationContact", Is("locationId", place.Id))));
    }

    [Fact]
    public async Task A_campaign_keeps_what_was_not_changed()
    {
        SetUp();
        var changed = (await WriteAsync("campaign", WriteVerb.Update, "655", ("name", "New website"))).Value!;
        Assert.Equal(("New website", "Plumbing Service", true), (changed.Record!["name"], changed.Record["businessUnit"], changed.Record["active"]));
    }

    [Fact]
    public async Task Reference_records_are_read_by_id_and_name()
    {
        SetUp();
        foreach (var (entity, id, name) in new[] { ("jobType", "1187", "Water Heater Repair"), ("businessUnit", "9020", "Plumbing Service"), ("campaign", "655", "Website"), ("technician", "3044", "Ruben Ortega"), ("employee", "501", "Mara Lind"), ("jobCancelReason", "11", "Customer changed their mind"), ("jobHoldReason", "21", "Waiting for parts"), ("tagType", "771", "VIP") })
        {
            Assert.Equal(name, Assert.Single(await RowsAsync(Read(entity, Is("id", id))))["name"]);
            Assert.Equal(id, Assert.Single(await RowsAsync(Read(entity, Is("name", name))))["id"]);
        }
    }

    private static Dictionary<string, object?> Address() => new() { ["street"] = "2214 Alder Ridge Rd", ["city"] = "Boise", ["state"] = "ID", ["zip"] = "83702", ["country"] = "USA" };

    private static (ErrorKind, string) Kind<T>(Outcome<T> outcome) => (outcome.Error!.Kind, outcome.Error.Code);

    private async Task<object?> StatusAsync(string id) => Assert.Single(await RowsAsync(Read("job", Is("id", id))))["jobStatus"];

    private async Task<WriteResult> BookAsync(params (string Name, object? Value)[] more)
    {
        var outcome = await CreateAsync(more);
        Assert.Null(outcome.Error);
        return outcome.Value!;
    }

    private async Task<Outcome<WriteResult>> CreateAsync(params (string Name, object? Value)[] more)
    {
        SetUp();
        var customer = Id(new CustomerSeed { Name = "Dana Whitfield" });
        var location = (string)Assert.Single(await RowsAsync(Read("location", Is("customerId", customer))))["id"]!;
        (string Name, object? Value)[] fields =
        [
            ("customerId", customer), ("locationId", location), ("businessUnitId", "9020"), ("jobTypeId", "1187"), ("priority", "Normal"), ("campaignId", "655"), ("summary", "Replace heater"),
            ("appointments", new List<object?> { new Dictionary<string, object?> { ["start"] = Start, ["end"] = Start.AddHours(2), ["technicianIds"] = new List<object?> { "3044" } } }),
        ];
        return await WriteAsync("job", WriteVerb.Create, null, [.. fields.Where(f => more.All(m => m.Name != f.Name)), .. more]);
    }
}
