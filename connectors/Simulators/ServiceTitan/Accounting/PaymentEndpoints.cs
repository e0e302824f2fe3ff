using System.Globalization;
using System.Text.Json;
using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>Writes of payments: one payment over several invoices. Answers have a form of their own.</summary>
internal sealed class PaymentEndpoints(TenantState state, CallStatistics statistics, CustomerEndpoints customers, Ledger ledger)
{
    private const string Split = "{amount:decimal?, invoiceId:id>invoices?, invoiceNumber:text?}";

    private static readonly IReadOnlyList<Member> New = Shape.Of($$"""
        amount:decimal?, authCode:text?, checkNumber:text?, customerId:id>customers?, exportId:text?, memo:text?, paidOn:time?, splits:[{{Split}}]?, status:text(Pending|Posted|Exported)?,
        typeId!:id>paymentTypes
        """);

    private static readonly IReadOnlyList<Member> Change = Shape.Of($$"""
        active:flag, authCode:text, checkNumber:text, exportId:text, memo:text, paidOn:time, splits!:[{{Split}}], status:text(Pending|Posted|Exported), typeId!:id>paymentTypes
        """);

    public Answer? Handle(SimulatorRequest request, string[] path) => (request.Method, path) switch
    {
        ("POST", ["payments"]) => Create(request),
        ("POST", ["payments", "status"]) => SetStatus(request),
        ("PATCH", ["payments", var id]) => Update(request, id),
        _ => null,
    };

    private Answer Create(SimulatorRequest request)
    {
        request.Kind = "payments.create";
        var body = BodyReader.Of(request);
        var values = RecordBody.Read(state, body, New);
        var uses = Uses(body, values);
        body.ThrowIfFaulty();
        var first = uses.Count > 0 ? state.Find("invoices", (long)uses[0]["appliedTo"]!) : null;
        var payment = state.Add(
            AccountingKinds.Payments,
            new Dictionary<string, object?>(Kept(values))
            {
                ["total"] = values.GetValueOrDefault("amount") ?? uses.Sum(u => (decimal)u["appliedAmount"]!), ["appliedTo"] = uses.Select(u => (object?)u).ToList(),
                ["customerId"] = values.GetValueOrDefault("customerId") ?? first?["customerId"], ["businessUnitId"] = first?["businessUnitId"], ["createdBy"] = "Integration",
                ["date"] = values.GetValueOrDefault("paidOn") ?? state.Now,
            },
            customers.Lateness(request));
        state.Of("payments").Set(payment, [KeyValuePair.Create("referenceNumber", (object?)payment.Id.ToString(CultureInfo.InvariantCulture))]);
        ledger.Apply(payment);
        statistics.CountRow("payments.created");
        request.Rows = 1;
        return Answered(payment);
    }

    private Answer Update(SimulatorRequest request, string id)
    {
        request.Kind = "payments.update";
        // Published without a 404.
        var payment = CustomerEndpoints.ParseId(id) is { } key && state.Find("payments", key) is { } found ? found : throw ServiceTitanErrors.Invalid("id", "Payment not found");
        var body = BodyReader.Of(request);
        var values = RecordBody.Read(state, body, Change);
        var uses = Uses(body, values);
        body.ThrowIfFaulty();
        var changed = Kept(values);
        changed["appliedTo"] = uses.Select(u => (object?)u).ToList();
        if (values.TryGetValue("paidOn", out var paid))
        {
            changed["date"] = paid;
        }

        if (values.TryGetValue("active", out var active))
        {
            changed["active"] = active;
        }

        state.Change(payment, changed);
        ledger.Apply(payment);
        statistics.CountRow("payments.updated");
        request.Rows = 1;
        return Answered(payment);
    }

    private Answer SetStatus(SimulatorRequest request)
    {
        request.Kind = "payments.status";
        var body = BodyReader.Of(request);
        var (ids, status) = (body.Integers("paymentIds", required: true), body.OneOf("status", true, "Pending", "Posted", "Exported"));
        var payments = (ids ?? []).Select(i => state.Find("payments", i)).ToList();
        if (payments.Contains(null))
        {
            body.Fault("paymentIds", "A payment does not exist.");
        }

        body.ThrowIfFaulty();
        payments.ForEach(p => state.Change(p!, ("syncStatus", status)));
        request.Rows = payments.Count;
        return Answer.Empty(200);
    }

    private List<Dictionary<string, object?>> Uses(BodyReader body, Dictionary<string, object?> values)
    {
        List<Dictionary<string, object?>> uses = [];
        foreach (var split in (values.GetValueOrDefault("splits") as IEnumerable<object?> ?? []).OfType<Dictionary<string, object?>>())
        {
            var invoice = split.GetValueOrDefault("invoiceId") is long id ? state.Find("invoices", id)
                : split.GetValueOrDefault("invoiceNumber") is string number ? state.Of("invoices").Rows.All.FirstOrDefault(i => i.Text("referenceNumber") == number) : null;
            if (invoice is null)
            {
                body.Fault("splits", "A split needs an invoice that exists.");
                continue;
            }

            uses.Add(new Dictionary<string, object?>
            {
                ["appliedId"] = state.NextId(), ["appliedTo"] = invoice.Id, ["appliedAmount"] = split.GetValueOrDefault("amount") as decimal? ?? invoice.Amount("balance"), ["appliedOn"] = state.Now,
                ["appliedBy"] = "Integration",
            });
        }

        return uses;
    }

    private static Dictionary<string, object?> Kept(Dictionary<string, object?> values)
    {
        var kept = values.Where(v => v.Key is "authCode" or "checkNumber" or "memo" or "typeId" or "exportId").ToDictionary(v => v.Key, v => v.Value);
        if (values.GetValueOrDefault("status") is string status)
        {
            kept["syncStatus"] = status;
        }

        return kept;
    }

    private static Answer Answered(Record payment) => Answer.Json(200, w =>
    {
        w.WriteStartObject();
        w.WriteBoolean("active", payment.Active);
        w.WriteString("authCode", payment.Text("authCode"));
        w.WriteString("checkNumber", payment.Text("checkNumber"));
        Number(w, "customerId", payment.Number("customerId"));
        w.WriteString("exportId", payment.Text("exportId"));
        w.WriteNumber("id", payment.Id);
        w.WriteString("memo", payment.Text("memo"));
        w.WriteString("paidOn", RowJson.Iso(payment.Time("date") ?? payment.CreatedOn));
        w.WriteStartArray("splits");
        foreach (var use in Ledger.Uses(payment))
        {
            w.WriteStartObject();
            w.WriteNumber("amount", (decimal)use["appliedAmount"]!);
            w.WriteNumber("invoiceId", (long)use["appliedTo"]!);
            w.WriteNull("invoiceNumber");
            w.WriteEndObject();
        }

        w.WriteEndArray();
        w.WriteString("status", payment.Text("syncStatus") ?? "Pending");
        w.WriteString("transactionStatus", "Success");
        w.WriteNumber("typeId", payment.Number("typeId") ?? 0);
        w.WriteEndObject();
    });

    private static void Number(Utf8JsonWriter w, string name, long? value)
    {
        if (value is { } number)
        {
            w.WriteNumber(name, number);
        }
        else
        {
            w.WriteNull(name);
        }
    }
}
