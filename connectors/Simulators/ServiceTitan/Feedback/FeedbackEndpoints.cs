using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>Ratings of technicians: one per technician and job, overwritten in place.</summary>
internal sealed class FeedbackEndpoints(TenantState state, CallStatistics statistics, RecordEndpoints records)
{
    public Answer? Handle(SimulatorRequest request, string[] path) => (request.Method, path) switch
    {
        ("POST", ["technician-ratings"]) => Rate(request),
        ("PUT", ["technician-rating", "technician", var technician, "job", var job]) => Put(request, technician, job),
        _ => null,
    };

    public Record Set(long technician, long job, double rating)
    {
        if (state.Of("technicianRatings").By("jobId", job).FirstOrDefault(r => r.Number("technicianId") == technician) is { } known)
        {
            state.Change(known, ("rating", rating), ("active", true));
            return known;
        }

        statistics.CountRow("technicianRatings.created");
        return state.Add(FeedbackKinds.TechnicianRatings, new Dictionary<string, object?> { ["technicianId"] = technician, ["jobId"] = job, ["rating"] = rating });
    }

    private Answer Rate(SimulatorRequest request)
    {
        request.Kind = "technicianRatings.create";
        var body = BodyReader.Of(request);
        var (technician, job, rating) = (body.Integer("technicianId", required: true), body.Integer("jobId", required: true), body.Decimal("rating", required: true));
        Check(body, "rating", rating);
        Exists(technician!.Value, job!.Value);
        request.Rows = 1;
        return records.Answer200(Set(technician.Value, job.Value, (double)rating!.Value));
    }

    private Answer Put(SimulatorRequest request, string technicianId, string jobId)
    {
        request.Kind = "technicianRatings.put";
        var (technician, job) = (CustomerEndpoints.ParseId(technicianId) ?? 0, CustomerEndpoints.ParseId(jobId) ?? 0);
        var body = BodyReader.Of(request);
        var rating = body.Decimal("value", required: true);
        Check(body, "value", rating);
        Exists(technician, job);
        Set(technician, job, (double)rating!.Value);
        request.Rows = 1;
        return Answer.Empty(200);
    }

    private static void Check(BodyReader body, string member, decimal? rating)
    {
        if (rating is < 0 or > 10)
        {
            body.Fault(member, "The rating must be from 0 to 10.");
        }

        body.ThrowIfFaulty();
    }

    private void Exists(long technician, long job)
    {
        if (state.Find("technicians", technician) is null)
        {
            throw ServiceTitanErrors.NotFound("Technician");
        }

        if (state.Find("jobs", job) is null)
        {
            throw ServiceTitanErrors.NotFound("Job");
        }
    }
}
