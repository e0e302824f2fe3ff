using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Simulators.Seeds.Reconciling;

/// <summary>A won sale has its job, once; what came from a job has none.</summary>
internal static class SalesAgree
{
    private const string Flow = "won-opportunity-to-job";

    public static IEnumerable<Reconciled> Check(BothSides sides)
    {
        yield return Booked(sides);
        yield return NoEcho(sides);
    }

    private static Reconciled Booked(BothSides sides)
    {
        var result = new Comparison(Flow, "one job per won sale, at its day, linked both ways");
        var jobs = sides.Tenant.Of("jobs").Rows.All.Where(j => BothSides.SaleOf(j) is not null).ToLookup(j => BothSides.SaleOf(j)!);
        foreach (var sale in sides.Work.Sales)
        {
            result.Count();
            var (of, booked) = ($"sale {sale.Id}", jobs[sale.Id].ToList());
            if (!sale.Won && !sale.TakenBack)
            {
                if (booked.Count > 0) result.Differs($"{of}: lost, but {booked.Count} jobs");
                continue;
            }

            if (booked.Count != 1)
            {
                result.Differs($"{of}: {booked.Count} jobs");
                continue;
            }

            var job = booked[0];
            var opportunity = sides.Opportunities.Find(sale.Id)!;
            result.Text(of, "job id", DemoWork.Text(job.Id), opportunity["ServiceTitan_Job_Id__c"]);
            result.Text(of, "job number", job.Text("jobNumber"), opportunity["ServiceTitan_Job_Number__c"]);
            if (opportunity["ServiceTitan_Link__c"]?.EndsWith($"/{DemoWork.Text(job.Id)}", StringComparison.Ordinal) != true) result.Differs($"{of}: its link is '{opportunity["ServiceTitan_Link__c"]}'");
            result.Text(of, "customer", sides.Accounts.Find(sale.Account)![DemoScenario.CustomerKey], DemoWork.Text(job.Number("customerId") ?? 0));
            if (sale.Customer is { } known) result.Text(of, "customer of the sale", DemoWork.Text(known), DemoWork.Text(job.Number("customerId") ?? 0));
            result.Text(of, "job type", sale.Type is null ? "1181" : "1184", DemoWork.Text(job.Number("jobTypeId") ?? 0));
            if (sale.TakenBack)
            {
                result.Text(of, "state of its job", "Canceled", job.Text("jobStatus"));
                continue;
            }

            Visit(sides, result, sale, job, of);
        }

        return result.Result();
    }

    private static void Visit(BothSides sides, Comparison result, DemoSale sale, Record job, string of)
    {
        var visit = sides.Tenant.AppointmentsOf(job)[0];
        var (from, to) = sale.Window == "Morning" ? (8, 12) : (12, 17);
        result.Text(of, "start", At(sale.Day, from), visit.Time("start")?.ToUniversalTime().ToString("u"));
        result.Text(of, "end", At(sale.Day, to), visit.Time("end")?.ToUniversalTime().ToString("u"));
        if (!sides.Tenant.Of("assignments").By("jobId", job.Id).Any(a => a.Active && a.Number("technicianId") == 3_040)) result.Differs($"{of}: its technician is missing");
    }

    /// <summary>No job was booked for an Opportunity that came from a job, and no sale that is not ours has one.</summary>
    private static Reconciled NoEcho(BothSides sides)
    {
        var result = new Comparison(Flow, "no job for an Opportunity that came from a job");
        var ours = sides.Work.Sales.Select(s => s.Id).ToHashSet();
        foreach (var job in sides.Tenant.Of("jobs").Rows.All)
        {
            result.Count();
            if (BothSides.SaleOf(job) is not { } sale) continue;
            if (!ours.Contains(sale)) result.Differs($"job {job.Id}: booked for {sale}, which nobody sold");
            if (sides.Opportunities.Find(sale)?["ServiceTitan_Origin__c"] == "ServiceTitan") result.Differs($"job {job.Id}: booked for {sale}, which came from a job");
        }

        return result.Result();
    }

    private static string At(DateOnly day, int hour) => new DateTimeOffset(day.ToDateTime(new TimeOnly(hour, 0)), DemoWork.Behind).ToUniversalTime().ToString("u");
}
