namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>Jobs and what hangs on them, as <c>jpm</c> and <c>dispatch</c> publish them.</summary>
internal static class JobKinds
{
    private const string Dates = " createdOnOrAfter>=createdOn createdBefore<createdOn modifiedOnOrAfter>=modifiedOn modifiedBefore<modifiedOn";

    public static readonly RecordKind Jobs = new("jobs", "jpm", "jobs", "Job", Shape.Of("""
        id:id, jobNumber:text, projectId:id?, customerId:id, locationId:id, jobStatus:text=Scheduled, completedOn:time?, businessUnitId:id, jobTypeId:id, priority:text=Normal, campaignId:id,
        appointmentCount:int, firstAppointmentId:id, lastAppointmentId:id, recallForId:id?, warrantyId:id?, jobGeneratedLeadSource:{jobId:id?, employeeId:id?}?, noCharge:flag,
        notificationsEnabled:flag=true, createdOn:time, createdById:id=501, modifiedOn:time, tagTypeIds:[id], leadCallId:id?, partnerLeadCallId:id?, bookingId:id?, soldById:id?, customerPo:text,
        invoiceId:id, membershipId:id?, total:decimal?, createdFromEstimateId:id?, estimateIds:[id], summary:text?, customFields:custom, externalData:external
        """))
    {
        Get = true,
        Feed = "jobs",
        FeedMembers = Shape.Of("active:flag"),
        Sort = ["id", "createdOn", "modifiedOn", "priority"],
        Own = ["firstAppointmentId", "lastAppointmentId", "total"],
        Indexed = ["customerId", "locationId", "invoiceId"],
        Filters = ListFilter.Of("""
            ids,id number=jobNumber projectId= bookingId= jobStatus= priority= customerId= locationId= soldById= jobTypeId= campaignId= businessUnitId= invoiceId= createdFromEstimateId=
            estimateIds,estimateIds completedOnOrAfter>=completedOn completedBefore<completedOn tagTypeIds,tagTypeIds technicianId=technicianIds appointmentStatus=appointmentStatuses
            firstAppointmentStartsOnOrAfter>=firstStart firstAppointmentStartsBefore<firstStart
            """ + Dates),
        Derived = new Dictionary<string, Func<TenantState, Record, object?>>
        {
            ["appointmentCount"] = (s, j) => (long)s.AppointmentsOf(j).Count,
            ["firstAppointmentId"] = (s, j) => s.AppointmentsOf(j).FirstOrDefault()?.Id ?? j.Number("firstAppointmentId"),
            ["lastAppointmentId"] = (s, j) => s.AppointmentsOf(j).LastOrDefault()?.Id ?? j.Number("lastAppointmentId"),
            ["firstStart"] = (s, j) => s.AppointmentsOf(j).FirstOrDefault()?.Time("start"),
            ["appointmentStatuses"] = (s, j) => s.AppointmentsOf(j).Select(a => a["status"]).ToList(),
            ["technicianIds"] = (s, j) => s.Of("assignments").By("jobId", j.Id).Where(a => a.Active).Select(a => a["technicianId"]).ToList(),
            // Observed: 0 rather than null where nothing is recorded.
            ["total"] = (s, j) => j.Number("invoiceId") is { } invoice && s.Find("invoices", invoice) is { } found ? found.Amount("subTotal") : j["total"] ?? 0m,
        },
    };

    public static readonly RecordKind Appointments = new("appointments", "jpm", "appointments", "Appointment", Shape.Of("""
        id:id, jobId:id, appointmentNumber:text?, start:time, end:time, arrivalWindowStart:time?, arrivalWindowEnd:time?, status:text(Scheduled|Dispatched|Working|Hold|Done|Canceled),
        specialInstructions:text?, createdOn:time, modifiedOn:time, customerId:id, unused:flag, createdById:id=501, isConfirmed:flag, active:flag
        """))
    {
        Get = true,
        Feed = "appointments",
        Active = "active",
        Own = ["customerId", "unused"],
        Indexed = ["jobId"],
        Filters = ListFilter.Of("ids,id jobId= number=appointmentNumber status= startsOnOrAfter>=start startsBefore<start technicianId=technicianIds customerId= unused=" + Dates),
        Derived = new Dictionary<string, Func<TenantState, Record, object?>>
        {
            ["customerId"] = (s, a) => s.Find("jobs", a.Number("jobId") ?? 0)?["customerId"] ?? a["customerId"],
            ["technicianIds"] = (s, a) => s.Of("assignments").By("appointmentId", a.Id).Where(x => x.Active).Select(x => x["technicianId"]).ToList(),
            ["unused"] = (s, a) => a["unused"] ?? !s.Of("assignments").By("appointmentId", a.Id).Any(x => x.Active),
        },
    };

    public static readonly RecordKind Assignments = new("assignments", "dispatch", "appointment-assignments", "Appointment assignment", Shape.Of("""
        id:id, technicianId:id, technicianName:text, assignedById:id=501, assignedOn:time, status:text(Scheduled|Dispatched|Working|Done), isPaused:flag, jobId:id, appointmentId:id,
        createdOn:time, modifiedOn:time, active:flag
        """))
    {
        Feed = "appointment-assignments",
        Active = "active",
        Own = ["technicianName"],
        Indexed = ["jobId", "appointmentId"],
        Filters = ListFilter.Of("ids,id appointmentIds,appointmentId jobId=" + Dates),
        Derived = new Dictionary<string, Func<TenantState, Record, object?>>
        {
            ["technicianName"] = (s, a) => s.Find("technicians", a.Number("technicianId") ?? 0)?.Text("name") ?? a["technicianName"],
        },
    };

    /// <summary>Its list hangs on the job and tells no id; the feed does.</summary>
    public static readonly RecordKind Notes = new("jobNotes", "jpm", "job-notes", "Note", Shape.Of("text:text, isPinned:flag, createdById:id=501, createdOn:time, modifiedOn:time"))
    {
        Listed = false,
        Feed = "job-notes",
        FeedMembers = Shape.Of("id:id, active:flag, jobId:id"),
        Indexed = ["jobId"],
    };

    public static readonly RecordKind CanceledLogs = new("jobCanceledLogs", "jpm", "job-canceled-logs", "Canceled log", Shape.Of(
        "id:id, jobId:id, reasonId:id, memo:text?, createdOn:time, createdById:id=501, active:flag"))
    {
        Listed = false,
        Feed = "job-canceled-logs",
        Indexed = ["jobId"],
    };

    public static readonly RecordKind CancelReasons = Reasons("jobCancelReasons", "job-cancel-reasons", "Job cancel reason");

    public static readonly RecordKind HoldReasons = Reasons("jobHoldReasons", "job-hold-reasons", "Job hold reason");

    public static readonly RecordKind JobTypes = new("jobTypes", "jpm", "job-types", "Job type", Shape.Of("""
        id:id, name:text, businessUnitIds:[id], skills:[text], tagTypeIds:[id], priority:text=Normal, duration:int=3600, soldThreshold:decimal?, class:text=Service, summary:text, noCharge:flag,
        enforceRecurringServiceEventSelection:flag?, invoiceSignaturesRequired:flag, modifiedOn:time, createdOn:time, externalData:external, active:flag, isSmartDispatched:flag
        """))
    {
        Get = true,
        Active = "active",
        Sort = [],
        Filters = ListFilter.Of("ids,id name~name priority= minDuration>=duration maxDuration<=duration" + Dates),
    };

    public static readonly RecordKind Bookings = new("bookings", "crm", "bookings", "Booking", Shape.Of("""
        id:id, source:text, createdOn:time, name:text, address:{street:text, unit:text?, city:text, state:text, zip:text, country:text}?, customerType:text(Residential|Commercial)?, start:time,
        campaignId:id?, businessUnitId:id?, isFirstTimeClient:flag?, uploadedImages:[text]?, isSendConfirmationEmail:flag?, status:text(New|Converted|Dismissed|Accepted), dismissingReasonId:id?,
        jobId:id?, externalId:text, priority:text(Low|Normal|High|Urgent)?, jobTypeId:id?, bookingProviderId:id, modifiedOn:time, summary:text?
        """))
    {
        Get = true,
        Feed = "bookings",
        FeedMembers = Shape.Of("active:flag"),
        Filters = ListFilter.Of("ids,id externalId=" + Dates),
    };

    /// <summary>Has no path of its own: listed below a booking.</summary>
    public static readonly RecordKind BookingContacts = new("bookingContacts", "crm", "booking-contacts", "Contact", Shape.Of(
        "id:id, type:text(Phone|Email|Fax|MobilePhone), value:text, memo:text, modifiedOn:time"))
    {
        Listed = false,
        Inner = Shape.Of("bookingId:id"),
        Indexed = ["bookingId"],
    };

    private static RecordKind Reasons(string name, string path, string title) => new(name, "jpm", path, title, Shape.Of("id:id, name:text, active:flag, createdOn:time, modifiedOn:time"))
    {
        Active = "active",
        ShowsAll = true,
        Filters = ListFilter.Of(Dates),
    };
}
