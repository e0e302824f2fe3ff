using System.Globalization;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>What happens to jobs, whoever makes it happen: the API, people in the office or technicians in the field.</summary>
internal sealed class JobProgress(TenantState state)
{
    /// <summary>Makes a job with its visits and its invoice.</summary>
    public Record Book(IReadOnlyDictionary<string, object?> values, IReadOnlyList<Dictionary<string, object?>> visits, TimeSpan late, long? id = null)
    {
        var key = id ?? state.NextId();
        var number = values.GetValueOrDefault("jobNumber") as string ?? key.ToString(CultureInfo.InvariantCulture);
        var job = state.Add(JobKinds.Jobs, new Dictionary<string, object?>(values) { ["jobNumber"] = number, ["jobStatus"] = values.GetValueOrDefault("jobStatus") ?? "Scheduled" }, late, key);
        if (job.Number("invoiceId") is not { } given || state.Find("invoices", given) is null)
        {
            var invoice = state.Add(
                AccountingKinds.Invoices,
                new Dictionary<string, object?>
                {
                    ["jobId"] = job.Id, ["customerId"] = job["customerId"], ["locationId"] = job["locationId"], ["businessUnitId"] = job["businessUnitId"], ["referenceNumber"] = number,
                    ["invoiceConfiguration"] = "JobInvoice", ["termName"] = "Due upon receipt", ["createdBy"] = "system", ["subTotal"] = 0m, ["salesTax"] = 0m, ["total"] = 0m, ["balance"] = 0m,
                    ["discountTotal"] = 0m, ["createdOn"] = job.CreatedOn, ["modifiedOn"] = job.CreatedOn,
                },
                late, job.Number("invoiceId"));
            state.Of("jobs").Set(job, [KeyValuePair.Create("invoiceId", (object?)invoice.Id)]);
        }

        foreach (var visit in visits)
        {
            AddVisit(job, visit, late);
        }

        if (job.Number("bookingId") is { } booking && state.Find("bookings", booking) is { } converted)
        {
            state.Change(converted, ("status", "Converted"), ("jobId", job.Id));
            state.Happened?.Invoke("tn.crm.booking-updated", converted);
        }

        return job;
    }

    public Record AddVisit(Record job, IReadOnlyDictionary<string, object?> visit, TimeSpan late)
    {
        var number = string.Create(CultureInfo.InvariantCulture, $"{job.Text("jobNumber")}-{state.Of("appointments").By("jobId", job.Id).Count + 1}");
        var values = new Dictionary<string, object?>(visit) { ["jobId"] = job.Id, ["appointmentNumber"] = visit.GetValueOrDefault("appointmentNumber") ?? number };
        values.TryAdd("status", "Scheduled");
        values.Remove("technicianIds");
        values.TryAdd("createdOn", job.CreatedOn);
        var appointment = state.Add(JobKinds.Appointments, values, late, visit.GetValueOrDefault("id") as long?);
        Assign(appointment, (visit.GetValueOrDefault("technicianIds") as IEnumerable<object?> ?? []).OfType<long>(), late);
        return appointment;
    }

    /// <summary>Those assigned already stay as they are.</summary>
    public void Assign(Record appointment, IEnumerable<long> technicians, TimeSpan late = default)
    {
        var assigned = state.Of("assignments").By("appointmentId", appointment.Id).Where(a => a.Active).Select(a => a.Number("technicianId")).ToHashSet();
        foreach (var technician in technicians.Where(t => assigned.Add(t)))
        {
            state.Add(
                JobKinds.Assignments,
                new Dictionary<string, object?>
                {
                    ["technicianId"] = technician, ["jobId"] = appointment["jobId"], ["appointmentId"] = appointment.Id, ["assignedOn"] = state.Now, ["status"] = "Scheduled",
                },
                late);
        }
    }

    public void Unassign(Record appointment, IReadOnlyCollection<long> technicians)
    {
        foreach (var assignment in Assignments("appointmentId", appointment.Id).Where(a => technicians.Contains(a.Number("technicianId") ?? 0)).ToList())
        {
            state.Change(assignment, ("active", false));
        }
    }

    public void Dispatch(Record appointment)
    {
        Move(appointment, "Dispatched", "Dispatched", "Dispatched");
        state.Happened?.Invoke("tn.dis.technician-dispatched", appointment);
    }

    public void Start(Record appointment) => Move(appointment, "Working", "Working", "InProgress");

    public void Complete(Record job, DateTimeOffset at)
    {
        foreach (var appointment in state.AppointmentsOf(job).Where(a => a.Text("status") is not ("Done" or "Canceled")))
        {
            state.Change(appointment, ("status", "Done"));
        }

        foreach (var assignment in Assignments("jobId", job.Id))
        {
            state.Change(assignment, ("status", "Done"));
        }

        if (state.Find("invoices", job.Number("invoiceId") ?? 0) is { } invoice && invoice.Time("invoiceDate") is null)
        {
            var day = new DateTimeOffset(at.UtcDateTime.Date, TimeSpan.Zero);
            state.Change(invoice, ("invoiceDate", day), ("dueDate", day.AddDays(30)));
            state.Happened?.Invoke("tn.acc.invoice-updated", invoice);
        }

        state.Change(job, ("jobStatus", "Completed"), ("completedOn", at));
        state.Happened?.Invoke("tn.jpm.job-completed", job);
    }

    public void Cancel(Record job, long reason, string memo)
    {
        foreach (var appointment in state.AppointmentsOf(job).Where(a => a.Text("status") != "Done"))
        {
            state.Change(appointment, ("status", "Canceled"));
        }

        state.Add(JobKinds.CanceledLogs, new Dictionary<string, object?> { ["jobId"] = job.Id, ["reasonId"] = reason, ["memo"] = memo });
        state.Change(job, ("jobStatus", "Canceled"));
        state.Happened?.Invoke("tn.jpm.job-updated", job);
    }

    public void RemoveCancellation(Record job)
    {
        foreach (var appointment in state.AppointmentsOf(job).Where(a => a.Text("status") == "Canceled"))
        {
            state.Change(appointment, ("status", "Scheduled"));
        }

        foreach (var log in state.Of("jobCanceledLogs").By("jobId", job.Id).Where(l => l.Active).ToList())
        {
            state.Change(log, ("active", false));
        }

        state.Change(job, ("jobStatus", "Scheduled"));
        state.Happened?.Invoke("tn.jpm.job-updated", job);
    }

    public void Hold(Record job)
    {
        foreach (var appointment in state.AppointmentsOf(job).Where(a => a.Text("status") is "Scheduled" or "Dispatched" or "Working"))
        {
            state.Change(appointment, ("status", "Hold"));
        }

        state.Change(job, ("jobStatus", "Hold"));
        state.Happened?.Invoke("tn.jpm.job-updated", job);
    }

    /// <summary>The job's status after one of its visits changed.</summary>
    public void Settle(Record job)
    {
        if (job.Text("jobStatus") is "Completed" or "Canceled")
        {
            return;
        }

        var statuses = state.AppointmentsOf(job).Select(a => a.Text("status")).ToList();
        var status = statuses.Contains("Working") ? "InProgress" : statuses.Contains("Dispatched") ? "Dispatched"
            : statuses.Count > 0 && statuses.TrueForAll(s => s == "Hold") ? "Hold" : "Scheduled";
        if (status != job.Text("jobStatus"))
        {
            state.Change(job, ("jobStatus", status));
            state.Happened?.Invoke("tn.jpm.job-updated", job);
        }
    }

    /// <summary>The invoice follows the job's customer, place and unit; its lines only when asked.</summary>
    public void Follow(Record job, bool moveItems)
    {
        if (state.Find("invoices", job.Number("invoiceId") ?? 0) is not { } invoice)
        {
            return;
        }

        string[] members = ["customerId", "locationId", "businessUnitId"];
        if (members.Any(m => !Equals(invoice[m], job[m])))
        {
            state.Change(invoice, members.Select(m => KeyValuePair.Create(m, job[m])));
        }

        foreach (var item in moveItems ? state.ItemsOf(invoice) : [])
        {
            var unit = state.Find("businessUnits", job.Number("businessUnitId") ?? 0);
            state.Change(item, ("businessUnit", unit is null ? null : AccountingKinds.NameOf(unit.Id, unit.Text("name"))));
        }
    }

    private void Move(Record appointment, string visit, string assignment, string status)
    {
        state.Change(appointment, ("status", visit));
        foreach (var one in Assignments("appointmentId", appointment.Id))
        {
            state.Change(one, ("status", assignment));
        }

        if (state.Find("jobs", appointment.Number("jobId") ?? 0) is { } job && job.Text("jobStatus") != status)
        {
            state.Change(job, ("jobStatus", status));
            state.Happened?.Invoke("tn.jpm.job-updated", job);
        }
    }

    private List<Record> Assignments(string member, long id) => [.. state.Of("assignments").By(member, id).Where(a => a.Active)];
}
