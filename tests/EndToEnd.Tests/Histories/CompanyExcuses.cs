using WorkflowEngine.FlowTesting;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.EndToEnd.Tests.Histories;

/// <summary>
/// Whose records need not be right: those of a key with an open letter or review. A letter holds what its run would have written until a person replays it, and a review waits for a person's answer; both are the
/// promised end of such an event. The only letter a history may leave is one of an event that was in flight at three deaths (rule 18); any other one breaks it.
/// </summary>
internal sealed class CompanyExcuses
{
    private const string Deaths = "deaths";

    private readonly HashSet<(string Flow, string Key)> _open = [];

    private CompanyExcuses(CompanyWorld world, EndState end, IEnumerable<Review> reviews)
    {
        var flows = world.Host.Runtime.Registry.All.ToDictionary(d => d.Ref.Id, d => d.Flow.Id);
        foreach (var letter in end.Letters) _open.Add((flows[letter.Content.Deployment.Id], letter.Content.Key));
        foreach (var review in reviews) _open.Add((flows[review.Asked.Deployment.Id], review.Asked.Key));
    }

    /// <summary>How many keys are excused.</summary>
    public int Count => _open.Count;

    public static async Task<CompanyExcuses> OfAsync(CompanyWorld world, EndState end) =>
        new(world, end, await world.Host.Runtime.Reviews.ListAsync(new ReviewFilter { Workspace = world.Host.Names.Workspace, Limit = 500 }, default));

    /// <summary>The letter of an event that was in flight at three deaths.</summary>
    public static bool IsOfDeaths(DeadLetter letter) => letter.Content.Code == Deaths;

    /// <summary>Whether an incident tells of such letters: it carries their fingerprint, which says nothing to who reads it.</summary>
    public static bool IsOfDeaths(EndState end, Incident incident) => end.Letters.Any(l => IsOfDeaths(l) && l.Content.Deployment.Id == incident.Deployment && l.Content.Fingerprint == incident.Fingerprint);

    /// <summary>A customer, and whoever was merged with him: what one run of them did not do the other's run may have relied on.</summary>
    public bool Customer(CompanyTenant tenant, long customer) => _open.Any(o => o.Flow == "customer-to-salesforce" && long.TryParse(o.Key, out var id) && tenant.Root(id) == tenant.Root(customer));

    public bool Job(CompanyTenant tenant, CompanyTenant.Job job) => Customer(tenant, job.Customer) || _open.Contains(("completed-job-to-opportunity", CompanyHistory.Text(job.Id)));

    /// <summary>Sales have the key of their Account.</summary>
    public bool Sale(CompanyTenant tenant, string account, long? customer) => (customer is { } id && Customer(tenant, id)) || _open.Contains(("won-opportunity-to-job", account));
}
