namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>Totals of invoices, what payments leave open, and the balances of customers.</summary>
internal sealed class Ledger(TenantState state)
{
    /// <summary>Brings everything into line after this record was entered or changed.</summary>
    public void Follow(Record record)
    {
        switch (record.Kind.Name)
        {
            case "invoices":
                Settle(record);
                break;
            case "invoiceItems" when state.Find("invoices", record.Number("invoiceId") ?? 0) is { } invoice:
                CompleteLine(record);
                Settle(invoice);
                break;
            case "payments":
                Apply(record);
                break;
        }
    }

    /// <summary>Computes an invoice anew. One without lines and payments keeps the totals it was given.</summary>
    public void Settle(Record invoice)
    {
        var items = state.ItemsOf(invoice);
        var payments = state.Of("payments").By("invoiceIds", invoice.Id).Where(p => p.Active).ToList();
        var values = new Dictionary<string, object?>();
        if (items.Count > 0)
        {
            var subTotal = items.Sum(i => i.Amount("total"));
            var rate = invoice.Values.GetValueOrDefault("taxRate") as decimal? ?? (invoice["salesTaxCode"] as IReadOnlyDictionary<string, object?>)?.GetValueOrDefault("taxRate") as decimal? ?? 0;
            var tax = Math.Round(items.Where(i => i["taxable"] is not false).Sum(i => i.Amount("total")) * rate, 2, MidpointRounding.AwayFromZero);
            (values["subTotal"], values["salesTax"], values["total"]) = (subTotal, tax, subTotal + tax);
        }

        if (items.Count > 0 || payments.Count > 0)
        {
            var total = values.GetValueOrDefault("total") as decimal? ?? invoice.Amount("total");
            var open = total - payments.Sum(p => Uses(p).Where(u => u.GetValueOrDefault("appliedTo") as long? == invoice.Id).Sum(u => u.GetValueOrDefault("appliedAmount") as decimal? ?? 0));
            values["balance"] = open;
            if (open == 0 && total != 0 && invoice.Time("paidOn") is null)
            {
                values["paidOn"] = payments.Max(p => p.Time("date")) ?? state.Now;
            }
        }

        if (values.Any(v => !Equals(v.Value, invoice[v.Key])))
        {
            state.Change(invoice, values);
            state.Happened?.Invoke("tn.acc.invoice-updated", invoice);
        }

        if (state.Customers.Find(invoice.Number("customerId") ?? 0) is { } customer)
        {
            state.SetBalance(customer, state.Of("invoices").By("customerId", customer.Id).Where(i => i.Active).Sum(i => i.Amount("balance")));
        }
    }

    /// <summary>Sets what a payment pays; the invoices it leaves move as well.</summary>
    public void Apply(Record payment)
    {
        var before = payment.Ids("invoiceIds");
        var now = Uses(payment).Select(u => u.GetValueOrDefault("appliedTo") as long? ?? 0).Distinct().ToList();
        state.Of("payments").Set(payment, [KeyValuePair.Create("invoiceIds", (object?)now.Select(i => (object?)i).ToList())]);
        foreach (var invoice in before.Union(now).Select(i => state.Find("invoices", i)).OfType<Record>())
        {
            Settle(invoice);
        }
    }

    public static IEnumerable<IReadOnlyDictionary<string, object?>> Uses(Record payment) => (payment["appliedTo"] as IEnumerable<object?> ?? []).OfType<IReadOnlyDictionary<string, object?>>();

    private void CompleteLine(Record line)
    {
        if (line["total"] is null && line["price"] is not null)
        {
            state.Of("invoiceItems").Set(line, [KeyValuePair.Create("total", (object?)(line.Amount("price") * (line["quantity"] is decimal quantity ? quantity : 1)))]);
        }
    }
}
