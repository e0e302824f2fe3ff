namespace WorkflowEngine.Simulators.Seeds.Reconciling;

/// <summary>Every complaint is an entry, every job that was complained about has one Case with the lowest score that stands.</summary>
internal static class ComplaintsAgree
{
    private const string Flow = "low-rating-to-case";

    public static IEnumerable<Reconciled> Check(BothSides sides)
    {
        yield return Entries(sides);
        yield return Cases(sides);
    }

    private static Reconciled Entries(BothSides sides)
    {
        var result = new Comparison(Flow, "one entry per low rating or review, with its score");
        foreach (var given in sides.Work.Feedback)
        {
            var (of, key) = ($"feedback {given.Key}", given.Key.Contains('/', StringComparison.Ordinal) ? $"rating/{given.Key}" : $"review/{given.Key}");
            if (!given.Low)
            {
                result.Count();
                if (sides.Entries.Of(key).Count > 0) result.Differs($"{of}: never low, but an entry");
                continue;
            }

            if (result.One(of, sides.Entries.Of(key)) is not { } entry) continue;
            result.Amount(of, "score", (decimal)given.Score, entry["ServiceTitan_Rating__c"]);
            result.Text(of, "standing", given.Standing ? "true" : "false", entry["ServiceTitan_Active__c"]);
            result.Text(of, "job", given.Job is { } job ? DemoWork.Text(job) : null, entry["ServiceTitan_Job_Id__c"]);
        }

        return result.Result();
    }

    private static Reconciled Cases(BothSides sides)
    {
        var result = new Comparison(Flow, "one Case per job complained about, the lowest standing score decides");
        var low = sides.Work.Feedback.Where(f => f.Low).ToList();
        foreach (var job in low.Where(f => f.Job is not null).GroupBy(f => f.Job!.Value))
        {
            var of = $"job {job.Key}";
            if (result.One(of, sides.Cases.Of(DemoWork.Text(job.Key))) is not { } found) continue;
            var standing = job.Where(f => f.Standing).Select(f => f.Score).ToList();
            var score = standing.Count > 0 ? standing.Min() : job.Last().Score;
            result.Amount(of, "score", (decimal)score, found["ServiceTitan_Rating__c"]);
            result.Text(of, "priority", score <= 3 ? "High" : score <= 6 ? "Medium" : "Low", found["Priority"]);
            var customer = sides.Tenant.Find("jobs", job.Key)!.Number("customerId") ?? 0;
            result.Text(of, "Account", DemoWork.Text(customer), sides.Accounts.Find(found["AccountId"])?[DemoScenario.CustomerKey]);
        }

        foreach (var lost in low.Where(f => f.Job is null))
        {
            var found = sides.Cases.All.Where(c => c["ServiceTitan_Review_Id__c"] == lost.Key).ToList();
            if (result.One($"review {lost.Key}", found) is { } own) result.Text($"review {lost.Key}", "owner", sides.Work.Queue, own["OwnerId"]);
        }

        return result.Result();
    }
}
