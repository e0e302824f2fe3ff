using System.Globalization;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Simulators.Seeds.Reconciling;

/// <summary>A completed job has its Opportunity, once: the sale that led to it, else one of its own.</summary>
internal static class JobsAgree
{
    private const string Flow = "completed-job-to-opportunity";

    public static IEnumerable<Reconciled> Check(BothSides sides)
    {
        yield return Completed(sides);
        yield return Origins(sides);
    }

    private static Reconciled Completed(BothSides sides)
    {
        var result = new Comparison(Flow, "one Opportunity per completed job, amounts to the cent");
        var recalls = sides.Tenant.Of("jobs").Rows.All.Where(j => j.Number("recallForId") is not null && j.Text("jobStatus") == "Completed").ToLookup(j => j.Number("recallForId")!.Value);
        foreach (var job in sides.Tenant.Of("jobs").Rows.All)
        {
            var (of, opportunities, sale) = ($"job {job.Id}", sides.Opportunities.Of(DemoWork.Text(job.Id)), BothSides.SaleOf(job));
            if (job.Text("jobStatus") != "Completed" || job.Number("recallForId") is not null)
            {
                result.Count();
                if (sale is null && opportunities.Count > 0) result.Differs($"{of}: {job.Text("jobStatus")}, but it has an Opportunity");
                continue;
            }

            if (result.One(of, opportunities) is not { } opportunity) continue;
            if (sale is not null) result.Text(of, "sale that led to it", sale, opportunity["Id"]);
            else result.Text(of, "day", DemoWork.Text(DemoWork.DayOf(job.Time("completedOn")!.Value)), opportunity["CloseDate"]);
            result.Text(of, "origin", sale is null ? "ServiceTitan" : "Salesforce", opportunity["ServiceTitan_Origin__c"]);
            result.Text(of, "state", "Completed", opportunity["ServiceTitan_Status__c"]);
            result.Text(of, "stage", "Closed Won", opportunity["StageName"]);
            result.Text(of, "job type", sides.Tenant.Find("jobTypes", job.Number("jobTypeId") ?? 0)?.Text("name"), opportunity["ServiceTitan_Job_Type__c"]);
            result.Text(of, "technicians", Technicians(sides, job), opportunity["ServiceTitan_Technicians__c"]);
            result.Text(of, "customer", DemoWork.Text(job.Number("customerId") ?? 0), sides.Accounts.Find(opportunity["AccountId"])?[DemoScenario.CustomerKey]);
            if (opportunity["ServiceTitan_Work_Notes__c"]?.Contains('<', StringComparison.Ordinal) == true) result.Differs($"{of}: its notes hold HTML");
            var invoice = sides.Tenant.Find("invoices", job.Number("invoiceId") ?? 0);
            result.Text(of, "invoice", invoice?.Text("referenceNumber"), opportunity["ServiceTitan_Invoice_Number__c"]);
            // Nothing on the invoice is unknown, not free: a sale keeps what its seller wrote.
            var worth = invoice?.Amount("subTotal") is { } net and not 0 ? net : (decimal?)null;
            if (worth is not null || sale is null) result.Amount(of, "Amount", worth, opportunity["Amount"]);
            if (recalls.Contains(job.Id)) result.Amount(of, "recalls", recalls[job.Id].Count(), opportunity["ServiceTitan_Recalls__c"]);
        }

        return result.Result();
    }

    private static Reconciled Origins(BothSides sides)
    {
        var result = new Comparison(Flow, "no Opportunity without a completed job");
        foreach (var opportunity in sides.Opportunities.All.Where(o => o["ServiceTitan_Origin__c"] == "ServiceTitan"))
        {
            result.Count();
            var job = opportunity["ServiceTitan_Job_Id__c"] is { } id ? sides.Tenant.Find("jobs", long.Parse(id, CultureInfo.InvariantCulture)) : null;
            if (job?.Text("jobStatus") != "Completed") result.Differs($"Opportunity {opportunity["Id"]}: its job {opportunity["ServiceTitan_Job_Id__c"]} is not completed");
        }

        return result.Result();
    }

    private static string Technicians(BothSides sides, Record job) => string.Join(", ", sides.Tenant.Of("assignments").By("jobId", job.Id).Where(a => a.Active)
        .OrderBy(a => a.Time("assignedOn")).ThenBy(a => a.Id).Select(a => sides.Tenant.Find("technicians", a.Number("technicianId") ?? 0)!.Text("name")!).Distinct());
}
