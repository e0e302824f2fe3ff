namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>Public reviews and ratings of technicians.</summary>
internal static class FeedbackKinds
{
    private const string Dates = " createdOnOrAfter>=createdOn createdBefore<createdOn modifiedOnOrAfter>=modifiedOn modifiedBefore<modifiedOn";

    /// <summary>Numbers stand where names would: the vendor publishes none.</summary>
    public static readonly RecordKind Reviews = new("reviews", "marketingreputation", "reviews", "Review", Shape.Of("""
        address:text?, platform:text?, authorEmail:text?, authorName:text?, review:text?, reviewType:int, reviewResponse:text?, publishDate:time, rating:real?, recommendationStatus:int,
        verificationStatus:flag, jobId:id?, verifiedByUserId:id?, verifiedOn:time?, isAutoVerified:flag?, businessUnitId:id?, completedDate:time?, customerName:text?, customerId:id?,
        dispatchedDate:time?, jobStatus:int, jobTypeName:text?, technicianFullName:text?, technicianId:id?, externalId:text?, internalId:id?
        """))
    {
        Filters = ListFilter.Of("fromDate>=publishDate toDate<publishDate sources+platform technicianIds+technicianId fromRating>=rating toRating<=rating internalId= externalId= search~review" + Dates),
        Newer = Shape.Of("createdOn:time, modifiedOn:time"),
        Own = ["internalId", "customerId", "customerName", "businessUnitId", "completedDate", "jobTypeName", "technicianFullName"],
        Derived = new Dictionary<string, Func<TenantState, Record, object?>>
        {
            ["internalId"] = (_, r) => r.Values.TryGetValue("internalId", out var own) ? own : r.Id,
            ["customerId"] = (s, r) => r["customerId"] ?? JobOf(s, r)?["customerId"],
            ["customerName"] = (s, r) => s.Customers.Find((r.Number("customerId") ?? JobOf(s, r)?.Number("customerId")) ?? 0)?.Name ?? r["customerName"],
            ["businessUnitId"] = (s, r) => r["businessUnitId"] ?? JobOf(s, r)?["businessUnitId"],
            ["completedDate"] = (s, r) => r["completedDate"] ?? JobOf(s, r)?["completedOn"],
            ["jobTypeName"] = (s, r) => r["jobTypeName"] ?? s.Find("jobTypes", JobOf(s, r)?.Number("jobTypeId") ?? 0)?["name"],
            ["technicianFullName"] = (s, r) => s.Find("technicians", r.Number("technicianId") ?? 0)?["name"] ?? r["technicianFullName"],
        },
    };

    /// <summary>No id of its own: one per technician and job.</summary>
    public static readonly RecordKind TechnicianRatings = new("technicianRatings", "customer-interactions", "technician-ratings", "Technician rating", Shape.Of(
        "technicianId:id, jobId:id, rating:real, active:flag, createdOn:time, modifiedOn:time"))
    {
        Feed = "technician-ratings",
        Active = "active",
        Sort = ["createdOn", "modifiedOn"],
        Indexed = ["jobId"],
        Filters = ListFilter.Of("technicianId= jobId=" + Dates),
    };

    private static Record? JobOf(TenantState state, Record review) => review.Number("jobId") is { } job ? state.Find("jobs", job) : null;
}
