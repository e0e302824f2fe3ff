using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>Writes of job types and campaigns, and the lists of custom field types.</summary>
internal sealed class SettingsEndpoints(TenantState state, CallStatistics statistics, RecordEndpoints records, CustomerEndpoints customers)
{
    private static readonly IReadOnlyList<Member> JobType = Shape.Of("""
        name:text, businessUnitIds:[id>businessUnits], skills:[text], tagTypeIds:[id>tagTypes], priority:text(Low|Normal|High|Urgent), duration:int, soldThreshold:decimal?, class:text, summary:text,
        noCharge:flag, enforceRecurringServiceEventSelection:flag, invoiceSignaturesRequired:flag
        """);

    private static readonly IReadOnlyList<Member> Campaign = Shape.Of("""
        name!:text, businessUnitId!:id>businessUnits, dnis:text?, categoryId!:id>campaignCategories, active!:flag, isDefaultCampaign:flag?, source:text?, medium:text?, otherSource:text?,
        otherMedium:text?
        """);

    private static readonly Dictionary<string, string> OwnersOfFields = new()
    {
        ["crm/customers"] = "customers", ["crm/locations"] = "locations", ["jpm/jobs"] = "jobs", ["memberships/memberships"] = "memberships",
        ["accounting/invoices"] = "invoices", ["accounting/payments"] = "payments",
    };

    public Answer? Handle(SimulatorRequest request, string module, string[] path) => (request.Method, module, path) switch
    {
        ("GET", _, [var owner, "custom-fields"]) when OwnersOfFields.TryGetValue($"{module}/{owner}", out var kind) => CustomFields(request, kind),
        ("POST", "jpm", ["job-types"]) => Write(request, JobKinds.JobTypes, JobType, null, named: true),
        ("PATCH", "jpm", ["job-types", var id]) => Write(request, JobKinds.JobTypes, JobType, records.Existing(JobKinds.JobTypes, id), named: false),
        ("POST", "marketing", ["campaigns"]) => Write(request, SettingsKinds.Campaigns, Campaign, null, named: true),
        ("PATCH", "marketing", ["campaigns", var id]) => Write(request, SettingsKinds.Campaigns, Campaign, records.Existing(SettingsKinds.Campaigns, id), named: true),
        _ => null,
    };

    private Answer CustomFields(SimulatorRequest request, string owner)
    {
        var answer = records.List(request, SettingsKinds.CustomFieldTypes, rows => rows.Where(t => t.Text("owner") == owner));
        request.Kind = $"{owner}.customFields";
        return answer;
    }

    private Answer Write(SimulatorRequest request, RecordKind kind, IReadOnlyList<Member> members, Record? record, bool named)
    {
        request.Kind = $"{kind.Name}.{(record is null ? "create" : "update")}";
        var body = BodyReader.Of(request);
        if (named)
        {
            body.Text("name", required: !members[0].Required);
        }

        var values = RecordBody.Read(state, body, members);
        // Only job types have external data; a campaign's body is closed to it.
        var apply = kind == JobKinds.JobTypes ? CustomerBody.ReadCommon(body) : null;
        body.ThrowIfFaulty();
        if (record is null)
        {
            record = state.Add(kind, values, customers.Lateness(request));
            statistics.CountRow($"{kind.Name}.created");
        }
        else
        {
            state.Change(record, values);
        }

        var application = apply?.Invoke(record.CustomFields, _ => { }, record.ExternalData);
        request.Rows = 1;
        return records.Answer200(record, application);
    }
}
