using System.Text.Encodings.Web;
using System.Text.Json;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>Makes the vendor's CloudEvents out of what happens. Payloads are smaller than the records: a hint, not a copy.</summary>
internal sealed class WebhookEvents(TenantState state, RecordJson json, WebhookSender sender, int seed)
{
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly IReadOnlyList<Member> Job = [.. JobKinds.Jobs.Members.Where(m => m.Name is not ("summary" or "customFields" or "externalData"))];

    // The dispatch module has forms of its own for both.
    private static readonly IReadOnlyList<Member> DispatchedJob =
    [
        .. Job.Where(m => m.Name is not ("partnerLeadCallId" or "createdFromEstimateId" or "estimateIds"))
            .Select(m => m.Name is "projectId" or "jobGeneratedLeadSource" or "total" ? m with { Null = false } : m),
    ];

    private static readonly IReadOnlyList<Member> Dispatched = Shape.Of(
        "id:id, appointmentNumber:text, scheduledOn:time?, start:time, end:time, duration:real, arrivalWindowStart:time?, arrivalWindowEnd:time?, externalId:text?");

    private static readonly IReadOnlyList<Member> Invoice =
    [
        .. AccountingKinds.Invoices.Members.Where(m => m.Name is not ("items" or "summary" or "customFields" or "active" or "discountTotal" or "paidOn" or "membershipId" or "invoiceConfiguration"
            or "importId" or "exportId" or "materialSkuId")),
    ];

    private static readonly IReadOnlyList<Member> Booking = [.. JobKinds.Bookings.Members.Where(m => m.Name is not "summary"), .. Shape.Of("active:flag")];

    private readonly Random _ids = new(seed);

    public void Happened(string type, Record record)
    {
        var occurrence = NewId();
        var time = state.Now;
        // The record as it is now: what happens to it later is another event.
        var data = Data(type, record);
        sender.Send(type, occurrence, () => Envelope(type, NewId(), occurrence, time, data));
    }

    private string NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        _ids.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }

    private static byte[] Envelope(string type, string id, string occurrence, DateTimeOffset time, byte[] data) => Json(w =>
    {
        w.WriteStartObject();
        w.WriteString("specversion", "1.0");
        w.WriteString("id", id);
        w.WriteString("type", type);
        w.WriteString("time", RowJson.Iso(time));
        w.WriteString("source", "https://webhooks.servicetitan.io");
        w.WriteString("userassignedid", occurrence);
        w.WriteString("datacontenttype", "application/json");
        w.WritePropertyName("data");
        w.WriteRawValue(data);
        w.WriteEndObject();
    });

    private byte[] Data(string type, Record record) => Json(w =>
    {
        w.WriteStartObject();
        w.WriteNumber("tenantId", ServiceTitanSimulator.Tenant);
        w.WriteString("tenantName", "Silver Creek Plumbing");
        switch (record.Kind.Name)
        {
            case "jobs":
                Part(w, "job", record, Job);
                Mails(w);
                break;
            case "appointments" when type == "tn.jpm.job-rescheduled":
                Part(w, "job", JobOf(record), Job);
                w.WriteNumber("appointmentId", record.Id);
                w.WriteString("appointmentNumber", record.Text("appointmentNumber"));
                Mails(w);
                break;
            case "appointments" when type == "tn.dis.technician-dispatched":
                Part(w, "job", JobOf(record), DispatchedJob);
                Part(w, "appointment", record, Dispatched);
                break;
            case "appointments":
                Part(w, "appointment", record, JobKinds.Appointments.Members);
                break;
            case "invoices":
                Part(w, "invoice", record, Invoice);
                break;
            case "bookings":
                Part(w, "booking", record, Booking);
                break;
        }

        w.WriteEndObject();
    });

    private void Part(Utf8JsonWriter w, string name, Record record, IReadOnlyList<Member> members)
    {
        w.WritePropertyName(name);
        json.WriteSome(w, record, members);
    }

    private Record JobOf(Record appointment) => state.Find("jobs", appointment.Number("jobId") ?? 0) ?? throw new InvalidOperationException("An appointment without a job.");

    private static void Mails(Utf8JsonWriter w)
    {
        w.WriteBoolean("manageEmployeeEmail", false);
        w.WriteBoolean("manageFollowUpEmail", false);
    }

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Writing))
        {
            write(writer);
        }

        return buffer.ToArray();
    }
}
