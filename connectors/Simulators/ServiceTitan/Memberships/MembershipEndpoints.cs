using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>Sales and changes of memberships; every change of status is logged.</summary>
internal sealed class MembershipEndpoints(TenantState state, CallStatistics statistics, RecordEndpoints records, CustomerEndpoints customers, Ledger ledger)
{
    private static readonly IReadOnlyList<Member> Change = Shape.Of("""
        businessUnitId:id>businessUnits, nextScheduledBillDate:time?, status:text(Active|Suspended|Expired|Canceled|Deleted), memo:text, from:time, to:time?, soldById:id?, billingTemplateId:id?,
        locationId:id>locations?, recurringServiceAction:text(None|Single|All), recurringLocationId:id>locations?, paymentMethodId:id?, paymentTypeId:id>paymentTypes?, renewalMembershipTaskId:id?,
        initialDeferredRevenue:decimal, cancellationBalanceInvoiceId:id>invoices?, cancellationInvoiceId:id>invoices?
        """);

    private static readonly IReadOnlyList<Member> NewSale = Shape.Of("""
        customerId!:id>customers, businessUnitId!:id>businessUnits, saleTaskId!:id, durationBillingId!:id>durationBillings, locationId:id>locations?, recurringServiceAction!:text(None|Single|All),
        recurringLocationId:id>locations?
        """);

    public Answer? Handle(SimulatorRequest request, string[] path) => (request.Method, path) switch
    {
        ("POST", ["memberships", "sale"]) => Sell(request),
        ("PATCH", ["memberships", var id]) => Update(request, id),
        ("GET", ["memberships", var id, "status-changes"]) => StatusChanges(request, id),
        ("GET", ["membership-types", var id, "duration-billing-items"]) => Durations(request, id),
        _ => null,
    };

    /// <summary>A membership with its end and its bills, as a sale or a renewal makes it.</summary>
    public Record Begin(IReadOnlyDictionary<string, object?> values, Record billing, DateTimeOffset from, TimeSpan late = default)
    {
        var months = billing.Number("duration");
        DateTimeOffset? end = months is { } m ? from.AddMonths((int)m) : null;
        return state.Add(
            MembershipKinds.Memberships,
            new Dictionary<string, object?>(values)
            {
                ["membershipTypeId"] = billing["membershipTypeId"], ["from"] = from, ["to"] = end, ["duration"] = months, ["renewalDuration"] = months, ["billingFrequency"] = billing["billingFrequency"],
                ["renewalBillingFrequency"] = billing["billingFrequency"], ["status"] = "Active", ["followUpStatus"] = "NotAttempted", ["followUpOn"] = end?.AddDays(-30) ?? from.AddYears(1),
                ["nextScheduledBillDate"] = billing.Text("billingFrequency") == "OneTime" ? null : from.AddMonths(1),
            },
            late);
    }

    /// <summary>A membership that renews another one.</summary>
    public Record Renew(Record old)
    {
        var from = old.Time("to") ?? state.Now;
        var next = state.Add(MembershipKinds.Memberships, new Dictionary<string, object?>(old.Values) { ["from"] = from, ["to"] = old.Number("duration") is { } m ? from.AddMonths((int)m) : null, ["status"] = "Active", ["active"] = true });
        state.Change(old, ("renewedById", next.Id));
        SetStatus(old, "Expired", "Renewed");
        return next;
    }

    public void SetStatus(Record membership, string status, string? note)
    {
        var before = membership.Text("status") ?? "Active";
        if (before == status)
        {
            return;
        }

        state.Change(
            membership, ("status", status), ("active", status is "Active" or "Suspended"),
            ("cancellationDate", status == "Canceled" ? state.Now : membership["cancellationDate"]));
        state.Add(MembershipKinds.StatusChanges, new Dictionary<string, object?>
        {
            ["membershipId"] = membership.Id, ["oldStatus"] = before, ["newStatus"] = status, ["note"] = note, ["createdById"] = TenantState.IntegrationUser,
        });
    }

    private Answer Sell(SimulatorRequest request)
    {
        request.Kind = "memberships.sale";
        var body = BodyReader.Of(request);
        var values = RecordBody.Read(state, body, NewSale);
        var billing = values.GetValueOrDefault("durationBillingId") is long b ? state.Find("durationBillings", b) : null;
        if (billing is not null && billing.Number("saleTaskId") is { } task && !Equals(values.GetValueOrDefault("saleTaskId"), task))
        {
            body.Fault("saleTaskId", "The service does not sell this membership.");
        }

        body.ThrowIfFaulty();
        var late = customers.Lateness(request);
        var today = new DateTimeOffset(state.Now.UtcDateTime.Date, TimeSpan.Zero);
        var price = billing!.Amount("salePrice");
        var invoice = state.Add(
            AccountingKinds.Invoices,
            new Dictionary<string, object?>
            {
                ["customerId"] = values["customerId"], ["locationId"] = values.GetValueOrDefault("locationId"), ["businessUnitId"] = values["businessUnitId"], ["invoiceDate"] = today,
                ["invoiceConfiguration"] = "CounterSales", ["createdBy"] = "Integration",
            },
            late);
        state.Of("invoices").Set(invoice, [KeyValuePair.Create("referenceNumber", (object?)invoice.Id.ToString(System.Globalization.CultureInfo.InvariantCulture))]);
        var line = state.Add(
            AccountingKinds.InvoiceItems,
            new Dictionary<string, object?>
            {
                ["invoiceId"] = invoice.Id, ["skuId"] = values["saleTaskId"], ["type"] = "Service", ["quantity"] = 1m, ["price"] = price, ["total"] = price, ["order"] = 1L,
                ["membershipTypeId"] = billing["membershipTypeId"],
            },
            late);
        ledger.Settle(invoice);
        values.Remove("saleTaskId");
        values.Remove("durationBillingId");
        values.Remove("recurringServiceAction");
        var membership = Begin(new Dictionary<string, object?>(values) { ["activatedFromId"] = line.Id, ["activatedById"] = TenantState.IntegrationUser, ["createdById"] = TenantState.IntegrationUser }, billing, today, late);
        state.Change(invoice, ("membershipId", membership.Id));
        statistics.CountRow("memberships.created");
        request.Rows = 1;
        return Answer.Json(200, w =>
        {
            w.WriteStartObject();
            w.WriteNumber("invoiceId", invoice.Id);
            w.WriteNumber("customerMembershipId", membership.Id);
            w.WriteEndObject();
        });
    }

    private Answer Update(SimulatorRequest request, string id)
    {
        request.Kind = "memberships.update";
        var membership = records.Existing(MembershipKinds.Memberships, id);
        var body = BodyReader.Of(request);
        var values = RecordBody.Read(state, body, Change);
        if (values.GetValueOrDefault("paymentMethodId") is not null && values.GetValueOrDefault("paymentTypeId") is not null)
        {
            body.Fault("paymentTypeId", "Payment method and payment type exclude each other.");
        }

        body.ThrowIfFaulty();
        values.Remove("status", out var status);
        values.Remove("recurringServiceAction");
        state.Change(membership, values);
        if (status is string given)
        {
            SetStatus(membership, given, null);
        }

        statistics.CountRow("memberships.updated");
        request.Rows = 1;
        return Answer.Json(200, w =>
        {
            w.WriteStartObject();
            w.WriteNumber("id", membership.Id);
            w.WriteEndObject();
        });
    }

    private Answer StatusChanges(SimulatorRequest request, string id)
    {
        request.Kind = "memberships.statusChanges";
        var membership = records.Visible(MembershipKinds.Memberships, id);
        return Bare(state.Of("membershipStatusChanges").By("membershipId", membership.Id));
    }

    private Answer Durations(SimulatorRequest request, string id)
    {
        request.Kind = "membershipTypes.durations";
        var type = records.Visible(MembershipKinds.MembershipTypes, id);
        return Bare(state.Of("durationBillings").By("membershipTypeId", type.Id));
    }

    // These two answer a list without an envelope.
    private Answer Bare(IReadOnlyList<Record> rows) => Answer.Json(200, w =>
    {
        w.WriteStartArray();
        foreach (var row in rows)
        {
            records.Json.Write(w, row, feed: false, null);
        }

        w.WriteEndArray();
    });
}
