using System.Globalization;

namespace WorkflowEngine.Simulators.Seeds;

/// <content>Jobs and what follows from them: visits, invoices, payments, feedback, memberships.</content>
public sealed partial class DemoWork
{
    private void Book(int i, long customer, long place)
    {
        var id = FirstJob + i;
        var start = Now().AddHours(-4);
        // Every third job has a second visit, by the same technician and a colleague: names repeat.
        var visits = new List<object> { new { start = Iso(start), end = Iso(start.AddHours(1)), technicianIds = new[] { Technician + (i % 3) } } };
        if (i % 15 == 0) visits.Add(new { start = Iso(start.AddHours(1)), end = Iso(start.AddHours(3)), technicianIds = new[] { Technician + (i % 3), Technician + 3 } });
        ServiceTitan.PutRecord("jobs", new Dictionary<string, object?>
        {
            ["id"] = id, ["jobNumber"] = Text(id), ["customerId"] = customer, ["locationId"] = place, ["jobTypeId"] = JobType + (i % 6), ["businessUnitId"] = Unit, ["campaignId"] = 650L,
            ["summary"] = $"<p>Visit &amp; repair <b>{Text(i)}</b></p>", ["appointments"] = visits,
        });
        _jobs.Add(id);
    }

    private void Bill(long job, int i)
    {
        var invoice = InvoiceOf(job);
        var labour = 99.05m + (i % 17 * 13.37m);
        ServiceTitan.PutRecord("invoices", new Dictionary<string, object?>
        {
            ["id"] = invoice, ["taxRate"] = 0.0635m,
            ["items"] = new object[]
            {
                new { type = "Service", skuName = "SVC", displayName = "Labour", quantity = 1m, price = labour, total = labour },
                new { type = "Material", skuName = "PART", displayName = "Parts", quantity = 3m, price = 0.07m, total = 0.21m },
            },
        });
        var total = Amount(invoice, "total");
        // Most are paid in full, some in part, some not yet.
        var paid = i % 10 < 7 ? total : i % 10 < 9 ? Math.Round(total / 3, 2) : 0;
        if (paid > 0) Pay(job, paid, null, (invoice, paid));
    }

    private void Refund(long job)
    {
        var invoice = InvoiceOf(job);
        var payment = 0L;
        ServiceTitan.Enter(state => payment = state.Of("payments").By("invoiceIds", invoice).FirstOrDefault()?.Id ?? 0);
        if (payment != 0) Pay(job, -10.01m, payment, (invoice, -10.01m));
    }

    /// <summary>An adjustment invoice, and one payment over it and another open one.</summary>
    private void Adjust(long job, int i)
    {
        var adjustment = ServiceTitan.PutRecord("invoices", new Dictionary<string, object?>
        {
            ["jobId"] = job, ["customerId"] = OfJob(job, "customerId"), ["referenceNumber"] = $"{Text(job)}-A", ["adjustmentToId"] = InvoiceOf(job), ["subTotal"] = 20.05m, ["salesTax"] = 0m, ["total"] = 20.05m,
            ["balance"] = 20.05m, ["active"] = true, ["invoiceDate"] = Iso(Today()), ["invoiceConfiguration"] = "JobInvoice",
        });
        Pay(job, 25.06m, null, (adjustment, 20.05m), (InvoiceOf(job), 5.01m));
    }

    private void Pay(long job, decimal total, long? refundOf, params (long Invoice, decimal Amount)[] uses)
    {
        ServiceTitan.PutRecord("payments", new Dictionary<string, object?>
        {
            ["customerId"] = OfJob(job, "customerId"), ["total"] = total, ["date"] = Iso(Now()), ["refundedPaymentId"] = refundOf,
            ["appliedTo"] = uses.Select(u => new { appliedTo = u.Invoice, appliedAmount = u.Amount }).ToArray(),
        });
    }

    /// <summary>The same work once more, for nothing.</summary>
    private void Recall(long job, int i)
    {
        var id = FirstJob + 1_000_000 + i;
        ServiceTitan.PutRecord("jobs", new Dictionary<string, object?>
        {
            ["id"] = id, ["jobNumber"] = Text(id), ["customerId"] = OfJob(job, "customerId"), ["locationId"] = OfJob(job, "locationId"), ["jobTypeId"] = OfJob(job, "jobTypeId"), ["businessUnitId"] = Unit,
            ["campaignId"] = 650L, ["recallForId"] = job, ["summary"] = "Once more",
        });
        ServiceTitan.CompleteJob(id);
    }

    private void Rate(long job, int i)
    {
        if (i % 2 == 0)
        {
            var score = 1.0 + (i / 2 % 10);
            GiveRating(job, Technician + (i % 3), score, active: true);
            _feedback.Add(new DemoFeedback(RatingKey(job, Technician + (i % 3)), job, score, score <= 6));
        }

        if (i % 4 == 1)
        {
            var stars = 1.0 + (i / 4 % 5);
            // One in three finds its job only in the aftermath, or never.
            var known = i % 3 != 0;
            var review = FirstReview + i;
            GiveReview(review, stars, known ? job : null);
            _feedback.Add(new DemoFeedback(Text(review), known ? job : null, stars * 2, stars <= 3));
        }
    }

    /// <summary>Some ratings are corrected, some withdrawn, some reviews find their job.</summary>
    private void Correct()
    {
        for (var i = 0; i < _feedback.Count; i++)
        {
            var given = _feedback[i];
            if (given.Key.Contains('/', StringComparison.Ordinal))
            {
                if (i % 3 != 1 && i % 7 != 2) continue;
                var corrected = i % 3 == 1;
                var technician = long.Parse(given.Key.Split('/')[0], CultureInfo.InvariantCulture);
                GiveRating(given.Job!.Value, technician, corrected ? 9 : given.Score, active: corrected);
                _feedback[i] = given with { Score = corrected ? 9 : given.Score, Standing = corrected };
            }
            else if (given.Job is null && i % 2 == 0)
            {
                var review = long.Parse(given.Key, CultureInfo.InvariantCulture);
                var job = _jobs[(int)(review - FirstReview)];
                GiveReview(review, given.Score / 2, job);
                _feedback[i] = given with { Job = job };
            }
        }
    }

    private void GiveRating(long job, long technician, double score, bool active) =>
        ServiceTitan.PutRecord("technicianRatings", new Dictionary<string, object?> { ["technicianId"] = technician, ["jobId"] = job, ["rating"] = score, ["active"] = active });

    private void GiveReview(long number, double stars, long? job) => ServiceTitan.PutRecord("reviews", new Dictionary<string, object?>
    {
        ["internalId"] = number, ["platform"] = "Google", ["rating"] = stars, ["review"] = "As it was.", ["authorName"] = "A. Guest", ["authorEmail"] = "Guest@Example.com", ["publishDate"] = Iso(Now()), ["jobId"] = job,
    });

    private void Enrol(int i, long customer)
    {
        var id = FirstMembership + i;
        var from = Today().AddDays(-40);
        // Every fourth ends within a month: its reminder is due at once.
        ServiceTitan.PutRecord("memberships", new Dictionary<string, object?>
        {
            ["id"] = id, ["customerId"] = customer, ["membershipTypeId"] = MembershipType + (_memberships.Count % 2), ["businessUnitId"] = Unit, ["status"] = "Active", ["active"] = true, ["from"] = Iso(from),
            ["to"] = Iso(_memberships.Count % 4 == 0 ? Today().AddDays(20) : from.AddDays(365)),
        });
        _memberships.Add(id);
    }

    internal static string RatingKey(long job, long technician) => $"{Text(technician)}/{Text(job)}";

    private static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private long InvoiceOf(long job) => OfJob(job, "invoiceId") ?? 0;

    private decimal Amount(long invoice, string member)
    {
        var amount = 0m;
        ServiceTitan.Enter(state => amount = state.Find("invoices", invoice)!.Amount(member));
        return amount;
    }

    private long? OfJob(long job, string member)
    {
        long? number = null;
        ServiceTitan.Enter(state => number = state.Find("jobs", job)!.Number(member));
        return number;
    }

    /// <summary>The job that stands for a sale.</summary>
    private long? JobOf(string sale) =>
        Salesforce.Records("Opportunity", "Id", "ServiceTitan_Job_Id__c").FirstOrDefault(o => o["Id"] == sale)?["ServiceTitan_Job_Id__c"] is { } job
            ? long.Parse(job, CultureInfo.InvariantCulture) : null;
}
