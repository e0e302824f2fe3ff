using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>Writes of appointments, and who is sent to them.</summary>
internal sealed class AppointmentEndpoints(TenantState state, CallStatistics statistics, RecordEndpoints records, CustomerEndpoints customers, JobProgress progress)
{
    private static readonly IReadOnlyList<Member> New = Shape.Of("""
        jobId!:id>jobs, start!:time, end!:time, arrivalWindowStart:time?, arrivalWindowEnd:time?, technicianIds:[id>technicians]?, specialInstructions:text?
        """);

    private static readonly IReadOnlyList<Member> Times = Shape.Of("start:time, end:time, arrivalWindowStart:time?, arrivalWindowEnd:time?");
    private static readonly IReadOnlyList<Member> Assignment = Shape.Of("jobAppointmentId!:id>appointments, technicianIds!:[id>technicians]");

    // The dispatch module answers a smaller appointment than jpm does.
    private static readonly IReadOnlyList<Member> Dispatched = Shape.Of("""
        id:id, jobId:id, appointmentNumber:text?, start:time, end:time, arrivalWindowStart:time?, arrivalWindowEnd:time?, status:text(Scheduled|Dispatched|Working|Hold|Done|Canceled),
        specialInstructions:text?, createdOn:time, modifiedOn:time
        """);

    public Answer? Handle(SimulatorRequest request, string module, string[] path) => (request.Method, module, path) switch
    {
        ("POST", "jpm", ["appointments"]) => Create(request),
        ("DELETE", "jpm", ["appointments", var id]) => Delete(request, id),
        ("PATCH", "jpm", ["appointments", var id, "reschedule"]) => Reschedule(request, id),
        ("PUT", "jpm", ["appointments", var id, "hold"]) => Hold(request, id),
        ("DELETE", "jpm", ["appointments", var id, "hold"]) => Release(request, id),
        ("PUT", "jpm", ["appointments", var id, "confirmation"]) => Confirm(request, id, true),
        ("DELETE", "jpm", ["appointments", var id, "confirmation"]) => Confirm(request, id, false),
        ("PUT", "jpm", ["appointments", var id, "special-instructions"]) => Instruct(request, id),
        ("POST", "dispatch", ["appointment-assignments", "assign-technicians"]) => Assign(request, true),
        ("POST", "dispatch", ["appointment-assignments", "unassign-technicians"]) => Assign(request, false),
        _ => null,
    };

    /// <summary>A visit ends after it begins, and so does the window in which people are told to wait.</summary>
    public static void CheckTimes(BodyReader body, Dictionary<string, object?> values, string member)
    {
        if (values.GetValueOrDefault("start") is DateTimeOffset start && values.GetValueOrDefault("end") is DateTimeOffset end && end <= start)
        {
            body.Fault(member, "The end must be after the start.");
        }

        if (values.GetValueOrDefault("arrivalWindowStart") is DateTimeOffset from && values.GetValueOrDefault("arrivalWindowEnd") is DateTimeOffset to && to < from)
        {
            body.Fault(member, "The arrival window must not end before it starts.");
        }
    }

    private Answer Create(SimulatorRequest request)
    {
        request.Kind = "appointments.create";
        var body = BodyReader.Of(request);
        var values = RecordBody.Read(state, body, New);
        CheckTimes(body, values, "end");
        body.ThrowIfFaulty();
        var job = state.Find("jobs", (long)values["jobId"]!)!;
        if (job.Text("jobStatus") is "Canceled" or "Completed")
        {
            throw ServiceTitanErrors.Conflict($"The job is {job.Text("jobStatus")}");
        }

        values["createdOn"] = state.Now;
        var appointment = progress.AddVisit(job, values, customers.Lateness(request));
        state.Touch(job);
        progress.Settle(job);
        statistics.CountRow("appointments.created");
        request.Rows = 1;
        state.Happened?.Invoke("tn.jpm.job-appointment-updated", appointment);
        return records.Answer200(appointment);
    }

    private Answer Delete(SimulatorRequest request, string id)
    {
        request.Kind = "appointments.delete";
        var appointment = Existing(id);
        var job = JobOf(appointment);
        if (appointment.Text("status") is not ("Scheduled" or "Hold"))
        {
            throw ServiceTitanErrors.Conflict($"An appointment that is {appointment.Text("status")} cannot be deleted");
        }

        if (state.AppointmentsOf(job).Count == 1)
        {
            throw ServiceTitanErrors.Conflict("The only appointment of a job cannot be deleted");
        }

        state.Change(appointment, ("active", false));
        progress.Unassign(appointment, [.. state.Of("assignments").By("appointmentId", appointment.Id).Select(a => a.Number("technicianId") ?? 0)]);
        state.Touch(job);
        progress.Settle(job);
        return Done(request);
    }

    private Answer Reschedule(SimulatorRequest request, string id)
    {
        request.Kind = "appointments.reschedule";
        var appointment = Existing(id);
        var body = BodyReader.Of(request);
        var values = RecordBody.Read(state, body, Times);
        CheckTimes(body, new Dictionary<string, object?> { ["start"] = appointment["start"], ["end"] = appointment["end"] }.Concat(values).GroupBy(v => v.Key).ToDictionary(g => g.Key, g => g.Last().Value), "end");
        body.ThrowIfFaulty();
        if (appointment.Text("status") is "Done" or "Canceled")
        {
            throw ServiceTitanErrors.Conflict($"An appointment that is {appointment.Text("status")} cannot be rescheduled");
        }

        state.Change(appointment, values);
        request.Rows = 1;
        state.Happened?.Invoke("tn.jpm.job-rescheduled", appointment);
        return records.Answer200(appointment);
    }

    private Answer Hold(SimulatorRequest request, string id)
    {
        request.Kind = "appointments.hold";
        var appointment = Existing(id);
        var body = BodyReader.Of(request);
        var (reason, _) = (body.Integer("reasonId", required: true), body.Text("memo", required: true));
        if (reason is { } given && state.Find("jobHoldReasons", given) is null)
        {
            body.Fault("reasonId", "There is no such reason.");
        }

        body.ThrowIfFaulty();
        if (appointment.Text("status") is "Done" or "Canceled" or "Hold")
        {
            throw ServiceTitanErrors.Conflict($"An appointment that is {appointment.Text("status")} cannot be put on hold");
        }

        return Moved(request, appointment, "Hold");
    }

    private Answer Release(SimulatorRequest request, string id)
    {
        request.Kind = "appointments.release";
        var appointment = Existing(id);
        return appointment.Text("status") == "Hold" ? Moved(request, appointment, "Scheduled") : throw ServiceTitanErrors.Conflict("The appointment is not on hold");
    }

    private Answer Confirm(SimulatorRequest request, string id, bool confirmed)
    {
        request.Kind = confirmed ? "appointments.confirm" : "appointments.unconfirm";
        var appointment = Existing(id);
        if (appointment.Flag("isConfirmed") == confirmed)
        {
            throw ServiceTitanErrors.Conflict(confirmed ? "The appointment is already confirmed" : "The appointment is not confirmed");
        }

        state.Change(appointment, ("isConfirmed", confirmed));
        state.Happened?.Invoke("tn.jpm.job-appointment-updated", appointment);
        return Done(request);
    }

    private Answer Instruct(SimulatorRequest request, string id)
    {
        request.Kind = "appointments.instruct";
        var appointment = Existing(id);
        var body = BodyReader.Of(request);
        var text = body.Text("specialInstructions", required: true);
        body.ThrowIfFaulty();
        state.Change(appointment, ("specialInstructions", text));
        request.Rows = 1;
        state.Happened?.Invoke("tn.jpm.job-appointment-updated", appointment);
        return records.Answer200(appointment);
    }

    private Answer Assign(SimulatorRequest request, bool assign)
    {
        request.Kind = assign ? "assignments.assign" : "assignments.unassign";
        var body = BodyReader.Of(request);
        var values = RecordBody.Read(state, body, Assignment);
        body.ThrowIfFaulty();
        var appointment = state.Find("appointments", (long)values["jobAppointmentId"]!)!;
        if (assign && appointment.Text("status") is "Done" or "Canceled")
        {
            throw ServiceTitanErrors.Conflict($"Technicians cannot be assigned to an appointment that is {appointment.Text("status")}");
        }

        long[] technicians = [.. ((IEnumerable<object?>)values["technicianIds"]!).OfType<long>()];
        if (assign)
        {
            progress.Assign(appointment, technicians);
        }
        else
        {
            progress.Unassign(appointment, technicians);
        }

        state.Touch(appointment);
        request.Rows = 1;
        state.Happened?.Invoke("tn.jpm.job-appointment-updated", appointment);
        return Answer.Json(200, w => records.Json.WriteSome(w, appointment, Dispatched));
    }

    private Answer Moved(SimulatorRequest request, Record appointment, string status)
    {
        state.Change(appointment, ("status", status));
        progress.Settle(JobOf(appointment));
        state.Happened?.Invoke("tn.jpm.job-appointment-updated", appointment);
        return Done(request);
    }

    private Record Existing(string id) => records.Existing(JobKinds.Appointments, id) is { Active: true } found ? found : throw ServiceTitanErrors.NotFound("Appointment");

    private Record JobOf(Record appointment) => state.Find("jobs", appointment.Number("jobId") ?? 0) ?? throw ServiceTitanErrors.NotFound("Job");

    private static Answer Done(SimulatorRequest request)
    {
        request.Rows = 1;
        return Answer.Empty(200);
    }
}
