namespace WorkflowEngine.Simulators.Seeds.Reconciling;

/// <summary>Who holds a membership is a member of its campaign, once; who held one is told apart.</summary>
internal static class MembershipsAgree
{
    private const string Flow = "membership-to-campaign";
    private const long FirstType = 410;

    private static readonly string[] Tiers = ["Silver", "Gold"];

    public static IEnumerable<Reconciled> Check(BothSides sides)
    {
        yield return Enrolled(sides);
        yield return Twice(sides);
    }

    private static Reconciled Enrolled(BothSides sides)
    {
        var result = new Comparison(Flow, "one enrolment per membership, its status and its end");
        foreach (var membership in sides.Tenant.Of("memberships").Rows.All)
        {
            var of = $"membership {membership.Id}";
            var contacts = sides.Contacts.Of($"{DemoWork.Text(membership.Number("customerId") ?? 0)}/primary");
            if (result.One($"{of}: contact", contacts) is not { } contact) continue;
            var tier = (int)(membership.Number("membershipTypeId")!.Value - FirstType);
            var active = membership.Text("status") == "Active";
            var end = membership.Time("to") is { } to ? DemoWork.Text(DateOnly.FromDateTime(to.UtcDateTime)) : null;
            var member = sides.Members.All.Where(m => m["ContactId"] == contact["Id"] && m["CampaignId"] == sides.Work.Tiers[tier]).ToList();
            if (result.One(of, member) is not { } enrolled) continue;
            result.Text(of, "status", active ? "Member" : "Cancelled", enrolled["Status"]);
            result.Text(of, "number", DemoWork.Text(membership.Id), enrolled["ServiceTitan_Membership_Id__c"]);
            result.Text(of, "end", end, enrolled["ServiceTitan_Membership_End__c"]);
            result.Text(of, "tier on the Contact", active ? Tiers[tier] : null, contact["ServiceTitan_Membership_Tier__c"]);
            result.Text(of, "status on the Contact", active ? "Active" : "Canceled", contact["ServiceTitan_Membership_Status__c"]);
            result.Text(of, "end on the Contact", active ? end : null, contact["ServiceTitan_Membership_End__c"]);
            var due = sides.Members.All.Where(m => m["ContactId"] == contact["Id"] && m["CampaignId"] == sides.Work.Reminders).ToList();
            if (active && membership.Time("to") < sides.Tenant.Now.AddDays(29) && result.One($"{of}: reminder", due) is { } reminder) result.Text(of, "reminder", "Due", reminder["Status"]);
            foreach (var other in sides.Members.All.Where(m => m["ContactId"] == contact["Id"] && m["CampaignId"] == sides.Work.Tiers[1 - tier])) result.Text(of, "status in the campaign it left", "Changed tier", other["Status"]);
        }

        return result.Result();
    }

    private static Reconciled Twice(BothSides sides)
    {
        var result = new Comparison(Flow, "nobody enrolled twice");
        foreach (var pair in sides.Members.All.GroupBy(m => (m["CampaignId"], m["ContactId"])))
        {
            result.Count();
            if (pair.Count() > 1) result.Differs($"contact {pair.Key.Item2}: {pair.Count()} times in campaign {pair.Key.Item1}");
        }

        return result.Result();
    }
}
