using System.Globalization;
using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>Writes of jobs and what hangs on one: its notes, reasons and logs.</summary>
internal sealed class JobEndpoints(TenantState state, CallStatistics statistics, RecordEndpoints records, CustomerEndpoints customers, JobProgress progress)
{
    private static readonly IReadOnlyList<Member> NewAppointment = Shape.Of(
        "start!:time, end!:time, arrivalWindowStart:time?, arrivalWindowEnd:time?, technicianIds:[id>technicians]?");

    private static readonly IReadOnlyList<Member> NewJob = Shape.Of("""
        customerId!:id>customers, locationId!:id>locations, projectId:id?, businessUnitId!:id>businessUnits, jobGeneratedLeadSource:{jobId:id>jobs?, employeeId:id>employees?}?, jobTypeId!:id>jobTypes,
        priority!:text(Low|Normal|High|Urgent), campaignId!:id>campaigns, summary:text?, invoiceSignatureIsRequired:flag?, customerPo:text?, soldById:id>technicians?, partnerLeadCallId:id?,
        leadId:id?, bookingId:id>bookings?
        """);

    private static readonly IReadOnlyList<Member> JobChange = Shape.Of("""
        customerId:id>customers, locationId:id>locations, businessUnitId:id>businessUnits, jobGeneratedLeadSource:{jobId:id>jobs?, employeeId:id>employees?}?, jobTypeId:id>jobTypes,
        priority:text(Low|Normal|High|Urgent), campaignId:id>campaigns, summary:text, shouldUpdateInvoiceItems:flag, customerPo:text, soldById:id>technicians?, noCharge:flag
        """);

    private static readonly IReadOnlyList<Member> CancelReason = Shape.Of("jobId:id, reasonId:id, name:text, text:text");

    public Answer? Handle(SimulatorRequest request, string[] path) => (request.Method, path) switch
    {
        ("POST", ["jobs"]) => Create(request),
        ("PATCH", ["jobs", var id]) => Update(request, id),
        ("PUT", ["jobs", var id, "cancel"]) => Cancel(request, id),
        ("PUT", ["jobs", var id, "remove-cancellation"]) => RemoveCancellation(request, id),
        ("PUT", ["jobs", var id, "hold"]) => Hold(request, id),
        ("PUT", ["jobs", var id, "complete"]) => Complete(request, id),
        ("GET", ["jobs", "cancel-reasons"]) => CancelReasons(request),
        ("GET", ["jobs", var id, "notes"]) => Notes(request, id),
        ("POST", ["jobs", var id, "notes"]) => AddNote(request, id),
        ("GET", ["jobs", var id, "canceled-log"]) => CanceledLog(request, id),
        _ => null,
    };

    private Answer Create(SimulatorRequest request)
    {
        request.Kind = "jobs.create";
        var body = BodyReader.Of(request);
        var values = RecordBody.Read(state, body, NewJob);
        var visits = body.Objects("appointments", required: true)?.Select(a => RecordBody.Read(state, a, NewAppointment)).ToList();
        if (visits is { Count: 0 })
        {
            body.Fault("appointments", "At least one appointment is required.");
        }

        foreach (var visit in visits ?? [])
        {
            AppointmentEndpoints.CheckTimes(body, visit, "appointments");
        }

        CheckPlace(body, values, null);
        var apply = CustomerBody.ReadCommon(body, state, "jobs");
        body.ThrowIfFaulty();
        var late = customers.Lateness(request);
        var job = progress.Book(values, visits!, late);
        var application = apply(job.CustomFields, t => Tags(job, t), job.ExternalData);
        statistics.CountRow("jobs.created");
        request.Rows = 1;
        state.Happened?.Invoke("tn.jpm.job-scheduled", job);
        return records.Answer200(job, application);
    }

    private Answer Update(SimulatorRequest request, string id)
    {
        request.Kind = "jobs.update";
        var job = records.Existing(JobKinds.Jobs, id);
        var body = BodyReader.Of(request);
        var values = RecordBody.Read(state, body, JobChange);
        CheckPlace(body, values, job);
        var apply = CustomerBody.ReadCommon(body, state, "jobs");
        body.ThrowIfFaulty();
        var moveItems = values.Remove("shouldUpdateInvoiceItems", out var move) && move is true;
        var application = apply(job.CustomFields, t => Tags(job, t), job.ExternalData);
        state.Change(job, values);
        progress.Follow(job, moveItems);
        statistics.CountRow("jobs.updated");
        request.Rows = 1;
        state.Happened?.Invoke("tn.jpm.job-updated", job);
        return records.Answer200(job, application);
    }

    private Answer Cancel(SimulatorRequest request, string id)
    {
        request.Kind = "jobs.cancel";
        var job = records.Existing(JobKinds.Jobs, id);
        var (reason, memo) = Reason(request, "jobCancelReasons");
        if (job.Text("jobStatus") == "Canceled")
        {
            throw ServiceTitanErrors.Invalid("id", "The job is already canceled.");
        }

        progress.Cancel(job, reason, memo);
        return Done(request);
    }

    private Answer RemoveCancellation(SimulatorRequest request, string id)
    {
        request.Kind = "jobs.removeCancellation";
        // Published without a 404: an unknown job is a 400 here.
        var job = CustomerEndpoints.ParseId(id) is { } key && state.Find("jobs", key) is { } found ? found : throw ServiceTitanErrors.Invalid("id", "Job not found");
        if (job.Text("jobStatus") != "Canceled")
        {
            throw ServiceTitanErrors.Invalid("id", "The job is not canceled.");
        }

        progress.RemoveCancellation(job);
        return Done(request);
    }

    private Answer Hold(SimulatorRequest request, string id)
    {
        request.Kind = "jobs.hold";
        var job = records.Existing(JobKinds.Jobs, id);
        Reason(request, "jobHoldReasons");
        if (job.Text("jobStatus") is "Completed" or "Canceled" or "Hold")
        {
            throw ServiceTitanErrors.Invalid("id", $"A job that is {job.Text("jobStatus")} cannot be put on hold.");
        }

        progress.Hold(job);
        return Done(request);
    }

    private Answer Complete(SimulatorRequest request, string id)
    {
        request.Kind = "jobs.complete";
        var job = records.Existing(JobKinds.Jobs, id);
        var body = BodyReader.Of(request);
        var at = body.Instant("completedOn", required: true);
        body.ThrowIfFaulty();
        if (job.Text("jobStatus") is "Completed" or "Canceled")
        {
            throw ServiceTitanErrors.Conflict($"The job is already {job.Text("jobStatus")}");
        }

        if (!state.Of("assignments").By("jobId", job.Id).Any(a => a.Active))
        {
            throw ServiceTitanErrors.Conflict("The job has no technicians assigned");
        }

        progress.Complete(job, at!.Value);
        return Done(request);
    }

    private Answer CancelReasons(SimulatorRequest request)
    {
        request.Kind = "jobs.cancelReasons";
        var query = new ListQuery(request);
        var ids = query.Ids("ids") ?? throw ServiceTitanErrors.Invalid("ids", "The ids field is required.");
        var rows = ids.Order().Select(i => state.Of("jobCanceledLogs").By("jobId", i).LastOrDefault(l => l.Active)).OfType<Record>().ToList();
        return query.Envelope(rows, (w, log) =>
        {
            w.WriteStartObject();
            w.WriteNumber(CancelReason[0].Name, log.Number("jobId") ?? 0);
            w.WriteNumber(CancelReason[1].Name, log.Number("reasonId") ?? 0);
            w.WriteString(CancelReason[2].Name, state.Find("jobCancelReasons", log.Number("reasonId") ?? 0)?.Text("name") ?? "");
            w.WriteString(CancelReason[3].Name, log.Text("memo") ?? "");
            w.WriteEndObject();
        });
    }

    private Answer Notes(SimulatorRequest request, string id)
    {
        request.Kind = "jobs.notes";
        var job = records.Visible(JobKinds.Jobs, id);
        var now = state.Now;
        var notes = state.Of("jobNotes").By("jobId", job.Id).Where(n => n.Active && n.VisibleAt <= now).ToList();
        return new ListQuery(request).Envelope(notes, (w, n) => records.Json.Write(w, n, feed: false, null));
    }

    private Answer AddNote(SimulatorRequest request, string id)
    {
        request.Kind = "jobs.addNote";
        var job = records.Existing(JobKinds.Jobs, id);
        var body = BodyReader.Of(request);
        var (text, pin) = (body.Text("text", required: true), body.Flag("pinToTop"));
        body.ThrowIfFaulty();
        var note = state.Add(JobKinds.Notes, new Dictionary<string, object?> { ["jobId"] = job.Id, ["text"] = text, ["isPinned"] = pin ?? false }, customers.Lateness(request));
        statistics.CountRow("jobNotes.created");
        request.Rows = 1;
        return records.Answer200(note);
    }

    private Answer CanceledLog(SimulatorRequest request, string id)
    {
        request.Kind = "jobs.canceledLog";
        var job = records.Visible(JobKinds.Jobs, id);
        return new ListQuery(request).Envelope(state.Of("jobCanceledLogs").By("jobId", job.Id).ToList(), (w, l) => records.Json.Write(w, l, feed: false, null));
    }

    private (long Reason, string Memo) Reason(SimulatorRequest request, string kind)
    {
        var body = BodyReader.Of(request);
        var (reason, memo) = (body.Integer("reasonId", required: true), body.Text("memo", required: true));
        if (reason is { } given && state.Find(kind, given) is null)
        {
            body.Fault("reasonId", string.Create(CultureInfo.InvariantCulture, $"There is no reason {given}."));
        }

        body.ThrowIfFaulty();
        return (reason!.Value, memo!);
    }

    // That a place must be the customer's is not written anywhere, but a job elsewhere would make no sense.
    private void CheckPlace(BodyReader body, Dictionary<string, object?> values, Record? job)
    {
        var customer = values.GetValueOrDefault("customerId") as long? ?? job?.Number("customerId");
        var location = values.GetValueOrDefault("locationId") as long? ?? job?.Number("locationId");
        if (customer is { } c && location is { } l && state.Locations.Find(l) is { } place && place.CustomerId != c && state.Customers.Has(c)
            && (values.ContainsKey("customerId") || values.ContainsKey("locationId")))
        {
            body.Fault("locationId", "The location does not belong to the customer.");
        }
    }

    private void Tags(Record job, List<long> tags) => state.Of("jobs").Set(job, [KeyValuePair.Create("tagTypeIds", (object?)tags.Select(t => (object?)t).ToList())]);

    private static Answer Done(SimulatorRequest request)
    {
        request.Rows = 1;
        return Answer.Empty(200);
    }
}
