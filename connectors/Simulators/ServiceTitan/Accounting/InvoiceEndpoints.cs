using System.Globalization;
using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>Writes of invoices and their lines. None of them answers the invoice.</summary>
internal sealed class InvoiceEndpoints(TenantState state, CallStatistics statistics, Ledger ledger)
{
    // "price" is not among them: the vendor drops it, and the line stands at 0.00.
    private const string LineText = """
        skuId:id?, skuName:text?, technicianId:id>technicians?, description!:text, quantity!:decimal, unitPrice:decimal?, cost:decimal?, isAddOn:flag?, inventoryLocationId:id?, budgetCodeId:id?,
        itemGroupName:text?, itemGroupRootId:id?, durationBillingId:id?, id:id?
        """;

    private static readonly IReadOnlyList<Member> Line = Shape.Of(LineText);

    private static readonly IReadOnlyList<Member> Header = Shape.Of($$"""
        number:text?, typeId:id?, invoicedOn:time?, subtotal:decimal?, tax:decimal?, taxZoneId:id?, summary:text?, royaltyStatus:text(Pending|Sent|Failed)?, royaltyDate:time?, royaltySentOn:time?,
        royaltyMemo:text?, exportId:text?, reviewStatus:text(NeedsReview|OnHold|Reviewed|PendingApproval|Rejected|ReadyForBilling|Invoiced)?, assignedToId:id>employees?, budgetCodeId:id?,
        items:[{ {{LineText}} }]?, dueDate:time?
        """);

    public Answer? Handle(SimulatorRequest request, string[] path) => (request.Method, path) switch
    {
        ("POST", ["invoices"]) => Adjust(request),
        ("PATCH", ["invoices", "custom-fields"]) => CustomFields(request, AccountingKinds.Invoices),
        ("PATCH", ["payments", "custom-fields"]) => CustomFields(request, AccountingKinds.Payments),
        ("PATCH", ["invoices", var id]) => Update(request, id),
        ("PATCH", ["invoices", var id, "items"]) => WriteLine(request, id),
        ("DELETE", ["invoices", var id, "items", var item]) => RemoveLine(request, id, item),
        _ => null,
    };

    private Answer Adjust(SimulatorRequest request)
    {
        request.Kind = "invoices.adjust";
        var body = BodyReader.Of(request);
        var (to, values) = (body.Integer("adjustmentToId", required: true), RecordBody.Read(state, body, Header));
        if (to is { } given && state.Find("invoices", given) is null)
        {
            body.Fault("adjustmentToId", "There is no such invoice.");
        }

        body.ThrowIfFaulty();
        var parent = state.Find("invoices", to!.Value)!;
        var invoice = state.Add(AccountingKinds.Invoices, new Dictionary<string, object?>
        {
            ["adjustmentToId"] = parent.Id, ["jobId"] = parent["jobId"], ["customerId"] = parent["customerId"], ["locationId"] = parent["locationId"], ["businessUnitId"] = parent["businessUnitId"],
            ["invoiceConfiguration"] = parent["invoiceConfiguration"], ["taxRate"] = parent["taxRate"], ["salesTaxCode"] = parent["salesTaxCode"], ["invoiceDate"] = state.Now, ["createdBy"] = "Integration",
            ["referenceNumber"] = string.Create(CultureInfo.InvariantCulture, $"{parent.Text("referenceNumber")}-{state.Of("invoices").By("adjustmentToId", parent.Id).Count + 1}"),
        });
        Write(invoice, values);
        statistics.CountRow("invoices.created");
        request.Rows = 1;
        return Answer.Json(200, w => w.WriteNumberValue(invoice.Id));
    }

    private Answer Update(SimulatorRequest request, string id)
    {
        request.Kind = "invoices.update";
        var invoice = Existing(id);
        var body = BodyReader.Of(request);
        var values = RecordBody.Read(state, body, Header);
        foreach (var line in (values.GetValueOrDefault("items") as IEnumerable<object?> ?? []).OfType<Dictionary<string, object?>>())
        {
            CheckLine(body, invoice, line);
        }

        body.ThrowIfFaulty();
        Write(invoice, values);
        statistics.CountRow("invoices.updated");
        return Done(request);
    }

    private Answer WriteLine(SimulatorRequest request, string id)
    {
        request.Kind = "invoices.item";
        var invoice = Existing(id);
        var body = BodyReader.Of(request);
        var line = RecordBody.Read(state, body, Line);
        CheckLine(body, invoice, line);
        body.ThrowIfFaulty();
        PutLine(invoice, line);
        return Done(request);
    }

    private Answer RemoveLine(SimulatorRequest request, string id, string itemId)
    {
        request.Kind = "invoices.removeItem";
        var invoice = Existing(id);
        var line = CustomerEndpoints.ParseId(itemId) is { } key ? state.ItemsOf(invoice).FirstOrDefault(i => i.Id == key) : null;
        if (line is null)
        {
            throw ServiceTitanErrors.Invalid("itemId", "There is no such item.");
        }

        state.Change(line, ("active", false));
        ledger.Settle(invoice);
        return Done(request);
    }

    private Answer CustomFields(SimulatorRequest request, RecordKind kind)
    {
        request.Kind = $"{kind.Name}.setCustomFields";
        var body = BodyReader.Of(request);
        var operations = (body.Objects("operations", required: true) ?? []).Select(o => (
            Record: state.Find(kind.Name, o.Integer("objectId", required: true) ?? 0),
            Fields: (o.Objects("customFields", required: true) ?? []).Select(f => (Name: f.Text("name", required: true), Value: f.Text("value"))).ToList())).ToList();
        var types = state.Of("customFieldTypes").Rows.All.Where(t => t.Text("owner") == kind.Name).ToDictionary(t => t.Text("name") ?? "", t => t.Id);
        if (operations.Exists(o => o.Record is null))
        {
            body.Fault("operations", "An object does not exist.");
        }

        if (operations.SelectMany(o => o.Fields).FirstOrDefault(f => f.Name is { } name && !types.ContainsKey(name)) is { Name: { } unknown })
        {
            body.Fault("operations", $"There is no custom field '{unknown}'.");
        }

        body.ThrowIfFaulty();
        foreach (var (record, fields) in operations)
        {
            foreach (var (name, value) in fields)
            {
                if (string.IsNullOrEmpty(value))
                {
                    record!.CustomFields.Remove(types[name!]);
                }
                else
                {
                    record!.CustomFields[types[name!]] = value;
                }
            }

            state.Touch(record!);
        }

        return Done(request);
    }

    private void CheckLine(BodyReader body, Record invoice, Dictionary<string, object?> line)
    {
        if (line.GetValueOrDefault("id") is long id && state.ItemsOf(invoice).All(i => i.Id != id))
        {
            body.Fault("items", string.Create(CultureInfo.InvariantCulture, $"The invoice has no item {id}."));
        }

        if (line.GetValueOrDefault("id") is null && line.GetValueOrDefault("skuId") is null && line.GetValueOrDefault("skuName") is null)
        {
            body.Fault("items", "A new item needs skuId or skuName.");
        }
    }

    private void Write(Record invoice, Dictionary<string, object?> values)
    {
        values.Remove("items", out var lines);
        Rename("number", "referenceNumber");
        Rename("invoicedOn", "invoiceDate");
        Rename("subtotal", "subTotal");
        Rename("tax", "salesTax");
        values.Remove("typeId");
        if (values.Keys.Where(k => k.StartsWith("royalty", StringComparison.Ordinal)).ToList() is { Count: > 0 } parts)
        {
            var royalty = new Dictionary<string, object?>(invoice["royalty"] as Dictionary<string, object?> ?? []);
            foreach (var part in parts)
            {
                values.Remove(part, out var value);
                royalty[char.ToLowerInvariant(part["royalty".Length]) + part["royalty".Length..][1..]] = value;
            }

            values["royalty"] = royalty;
        }

        if (values.Remove("assignedToId", out var assigned))
        {
            values["assignedTo"] = state.Find("employees", assigned as long? ?? 0) is { } employee ? AccountingKinds.NameOf(employee.Id, employee.Text("name")) : null;
        }

        var totals = values.ContainsKey("subTotal") || values.ContainsKey("salesTax");
        state.Change(invoice, values);
        foreach (var line in (lines as IEnumerable<object?> ?? []).OfType<Dictionary<string, object?>>())
        {
            PutLine(invoice, line);
        }

        if (totals && state.ItemsOf(invoice).Count == 0)
        {
            var total = invoice.Amount("subTotal") + invoice.Amount("salesTax");
            state.Change(invoice, ("total", total), ("balance", total));
        }

        ledger.Settle(invoice);
        state.Happened?.Invoke("tn.acc.invoice-updated", invoice);

        void Rename(string from, string to)
        {
            if (values.Remove(from, out var value))
            {
                values[to] = value;
            }
        }
    }

    private void PutLine(Record invoice, Dictionary<string, object?> given)
    {
        var values = new Dictionary<string, object?>
        {
            ["description"] = given["description"], ["quantity"] = given["quantity"], ["invoiceId"] = invoice.Id,
        };
        Copy("skuId", "skuId");
        Copy("skuName", "skuName");
        Copy("technicianId", "technicianId");
        Copy("cost", "cost");
        Copy("unitPrice", "price");
        Copy("isAddOn", "addOn");
        var line = given.GetValueOrDefault("id") is long id ? state.Find("invoiceItems", id) : null;
        var price = values.GetValueOrDefault("price") as decimal? ?? line?.Amount("price") ?? 0;
        (values["price"], values["total"]) = (price, price * ((decimal?)values["quantity"] ?? 0));
        if (line is not null)
        {
            state.Change(line, values);
        }
        else
        {
            values["order"] = (long)state.ItemsOf(invoice).Count + 1;
            values["displayName"] = values.GetValueOrDefault("skuName");
            values["type"] = "Service";
            values["taxable"] = true;
            state.Add(AccountingKinds.InvoiceItems, values);
        }

        ledger.Settle(invoice);

        void Copy(string from, string to)
        {
            if (given.TryGetValue(from, out var value))
            {
                values[to] = value;
            }
        }
    }

    // Published without a 404.
    private Record Existing(string id) => CustomerEndpoints.ParseId(id) is { } key && state.Find("invoices", key) is { } found ? found : throw ServiceTitanErrors.Invalid("id", "Invoice not found");

    private static Answer Done(SimulatorRequest request)
    {
        request.Rows = 1;
        return Answer.Empty(200);
    }
}
