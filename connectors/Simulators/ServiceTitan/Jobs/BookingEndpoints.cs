using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>Bookings of a provider: made and changed there, read by everybody.</summary>
internal sealed class BookingEndpoints(TenantState state, CallStatistics statistics, RecordEndpoints records, CustomerEndpoints customers)
{
    private const string Address = "{street!:text, unit:text?, city!:text, state!:text, zip!:text, country!:text}";

    private static readonly IReadOnlyList<Member> Line = Shape.Of("type!:text(Phone|Email|Fax|MobilePhone), value!:text, memo:text?");

    private static readonly IReadOnlyList<Member> New = Shape.Of($$"""
        source!:text, name!:text, address:{{Address}}?, contacts:[{type!:text(Phone|Email|Fax|MobilePhone), value!:text, memo:text?}]?, customerType:text(Residential|Commercial)?, start:time?,
        summary!:text, campaignId:id>campaigns?, businessUnitId:id>businessUnits?, jobTypeId:id>jobTypes?, priority:text(Low|Normal|High|Urgent)?, isFirstTimeClient!:flag, uploadedImages:[text]?,
        isSendConfirmationEmail:flag?, externalId!:text
        """);

    private static readonly IReadOnlyList<Member> Change = Shape.Of("""
        source:text, name:text, address:{street!:text, unit!:text, city!:text, state!:text, zip!:text, country!:text}, customerType:text(Residential|Commercial), start:time, summary:text,
        campaignId:id>campaigns, businessUnitId:id>businessUnits, jobTypeId:id>jobTypes, priority:text(Low|Normal|High|Urgent), isFirstTimeClient:flag, uploadedImages:[text], externalId:text
        """);

    public Answer? Handle(SimulatorRequest request, string[] path) => (request.Method, path) switch
    {
        ("GET", ["bookings", var id, "contacts"]) => Contacts(request, id, null),
        (_, ["booking-provider", var provider, "bookings", .. var rest]) when CustomerEndpoints.ParseId(provider) is { } number => (request.Method, rest) switch
        {
            ("GET", []) => records.List(request, JobKinds.Bookings, rows => rows.Where(b => b.Number("bookingProviderId") == number)),
            ("POST", []) => Create(request, number),
            ("GET", [var id]) => records.Answer200(Own(id, number)),
            ("PATCH", [var id]) => Update(request, Own(id, number)),
            ("GET", [var id, "contacts"]) => Contacts(request, id, number),
            ("POST", [var id, "contacts"]) => AddContact(request, Own(id, number)),
            ("POST", [var id, "dismiss"]) => Dismiss(request, Own(id, number)),
            _ => null,
        },
        _ => null,
    };

    private Answer Create(SimulatorRequest request, long provider)
    {
        request.Kind = "bookings.create";
        var body = BodyReader.Of(request);
        var values = RecordBody.Read(state, body, New);
        body.ThrowIfFaulty();
        values.Remove("contacts", out var contacts);
        values["bookingProviderId"] = provider;
        values["status"] = "New";
        values.TryAdd("start", state.Now);
        values["start"] ??= state.Now;
        var late = customers.Lateness(request);
        var booking = state.Add(JobKinds.Bookings, values, late);
        foreach (var line in (contacts as IEnumerable<object?> ?? []).OfType<Dictionary<string, object?>>())
        {
            state.Add(JobKinds.BookingContacts, new Dictionary<string, object?>(line) { ["bookingId"] = booking.Id }, late);
        }

        statistics.CountRow("bookings.created");
        request.Rows = 1;
        state.Happened?.Invoke("tn.crm.booking-updated", booking);
        return records.Answer200(booking);
    }

    private Answer Update(SimulatorRequest request, Record booking)
    {
        request.Kind = "bookings.update";
        var body = BodyReader.Of(request);
        var values = RecordBody.Read(state, body, Change);
        body.ThrowIfFaulty();
        if (booking.Text("status") is "Converted" or "Dismissed")
        {
            throw ServiceTitanErrors.Conflict($"The booking is {booking.Text("status")}");
        }

        state.Change(booking, values);
        request.Rows = 1;
        state.Happened?.Invoke("tn.crm.booking-updated", booking);
        return records.Answer200(booking);
    }

    private Answer Dismiss(SimulatorRequest request, Record booking)
    {
        request.Kind = "bookings.dismiss";
        var body = BodyReader.Of(request);
        var reason = body.Integer("callReasonId");
        body.Text("dismissingMemo");
        body.ThrowIfFaulty();
        if (booking.Text("status") is "Converted" or "Dismissed")
        {
            throw ServiceTitanErrors.Invalid("id", $"The booking is {booking.Text("status")}.");
        }

        state.Change(booking, ("status", "Dismissed"), ("dismissingReasonId", reason));
        request.Rows = 1;
        state.Happened?.Invoke("tn.crm.booking-updated", booking);
        return Answer.Empty(200);
    }

    private Answer Contacts(SimulatorRequest request, string id, long? provider)
    {
        request.Kind = "bookings.contacts";
        var booking = provider is { } number ? Own(id, number) : records.Visible(JobKinds.Bookings, id);
        return new ListQuery(request).Envelope(state.Of("bookingContacts").By("bookingId", booking.Id).ToList(), (w, c) => records.Json.Write(w, c, feed: false, null));
    }

    private Answer AddContact(SimulatorRequest request, Record booking)
    {
        request.Kind = "bookings.addContact";
        var body = BodyReader.Of(request);
        var values = RecordBody.Read(state, body, Line);
        body.ThrowIfFaulty();
        values["bookingId"] = booking.Id;
        request.Rows = 1;
        return records.Answer200(state.Add(JobKinds.BookingContacts, values));
    }

    private Record Own(string id, long provider) => records.Existing(JobKinds.Bookings, id) is { } found && found.Number("bookingProviderId") == provider
        ? found : throw ServiceTitanErrors.NotFound("Booking");
}
