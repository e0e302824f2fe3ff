using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Simulators.Seeds.Reconciling;

/// <summary>Invoices, payments and refunds are worth the same on both sides, each and in sum.</summary>
internal static class RevenueAgrees
{
    private const string Flow = "invoice-to-revenue";

    public static IEnumerable<Reconciled> Check(BothSides sides)
    {
        yield return Invoices(sides);
        yield return Totals(sides);
    }

    private static Reconciled Invoices(BothSides sides)
    {
        var result = new Comparison(Flow, "one record per invoice, amounts to the cent");
        foreach (var invoice in sides.Tenant.Of("invoices").Rows.All)
        {
            var of = $"invoice {invoice.Id}";
            if (result.One(of, sides.Invoices.Of(DemoWork.Text(invoice.Id))) is not { } record) continue;
            var (paid, refunded) = (Used(sides, invoice, refunds: false), Used(sides, invoice, refunds: true));
            result.Amount(of, "revenue", Revenue(invoice), record["ServiceTitan_Revenue__c"]);
            result.Amount(of, "tax", invoice.Amount("salesTax"), record["ServiceTitan_Tax__c"]);
            result.Amount(of, "paid", paid, record["ServiceTitan_Paid__c"]);
            result.Amount(of, "refunded", refunded, record["ServiceTitan_Refunded__c"]);
            result.Amount(of, "balance", invoice.Amount("balance"), record["ServiceTitan_Balance__c"]);
            result.Text(of, "voided", invoice.Active ? "false" : "true", record["ServiceTitan_Voided__c"]);
            result.Text(of, "customer", DemoWork.Text(invoice.Number("customerId") ?? 0), sides.Accounts.Find(record["ServiceTitan_Account__c"])?[DemoScenario.CustomerKey]);
            var opportunity = sides.Opportunities.Of(DemoWork.Text(invoice.Number("jobId") ?? 0));
            result.Text(of, "Opportunity", opportunity.Count == 1 ? opportunity[0]["Id"] : null, record["ServiceTitan_Opportunity__c"]);
        }

        return result.Result();
    }

    /// <summary>A control total per month: revenue, paid, refunded.</summary>
    private static Reconciled Totals(BothSides sides)
    {
        var result = new Comparison(Flow, "control total per month");
        var invoices = sides.Tenant.Of("invoices").Rows.All.Where(i => i.Time("invoiceDate") is not null).ToList();
        foreach (var month in invoices.GroupBy(i => i.Time("invoiceDate")!.Value.ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture)))
        {
            result.Count();
            var records = sides.Invoices.All.Where(r => r["ServiceTitan_Invoice_Date__c"]?.StartsWith(month.Key, StringComparison.Ordinal) == true).ToList();
            result.Amount(month.Key, "revenue", month.Sum(Revenue), Sum(records, "ServiceTitan_Revenue__c"));
            result.Amount(month.Key, "paid", month.Sum(i => Used(sides, i, refunds: false)), Sum(records, "ServiceTitan_Paid__c"));
            result.Amount(month.Key, "refunded", month.Sum(i => Used(sides, i, refunds: true)), Sum(records, "ServiceTitan_Refunded__c"));
        }

        return result.Result();
    }

    private static decimal Revenue(Record invoice) => invoice.Active ? invoice.Amount("subTotal") : 0;

    private static decimal Used(BothSides sides, Record invoice, bool refunds) => sides.Tenant.Of("payments").By("invoiceIds", invoice.Id).Where(p => p.Active && p.Number("refundedPaymentId") is not null == refunds)
        .SelectMany(Ledger.Uses).Where(u => u.GetValueOrDefault("appliedTo") as long? == invoice.Id).Sum(u => Math.Abs(u.GetValueOrDefault("appliedAmount") as decimal? ?? 0));

    private static string Sum(IEnumerable<IReadOnlyDictionary<string, string?>> records, string field) =>
        records.Sum(r => decimal.Parse(r[field] ?? "0", System.Globalization.CultureInfo.InvariantCulture)).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
