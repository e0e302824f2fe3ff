namespace WorkflowEngine.Simulators.Salesforce.Rows.Objects;

/// <summary>Members of campaigns: a person once per campaign, a status the campaign knows.</summary>
internal sealed class CampaignMemberRules : ObjectRules
{
    private static readonly (string Member, string Contact, string Lead)[] Copies =
    [
        ("FirstName", "FirstName", "FirstName"), ("LastName", "LastName", "LastName"), ("Name", "Name", "Name"), ("Title", "Title", "Title"), ("Email", "Email", "Email"),
        ("Phone", "Phone", "Phone"), ("MobilePhone", "MobilePhone", "MobilePhone"), ("Street", "MailingStreet", "Street"), ("City", "MailingCity", "City"),
        ("State", "MailingState", "State"), ("PostalCode", "MailingPostalCode", "PostalCode"), ("Country", "MailingCountry", "Country"),
    ];

    public override RowError? Before(RowChange row)
    {
        if (row.IsNew)
        {
            // Both given: the contact stays.
            if (row.Text("ContactId") is not null)
            {
                row.Values["LeadId"] = null;
            }

            var (field, person) = row.Parent("ContactId") is { } contact ? ("ContactId", contact) : ("LeadId", row.Parent("LeadId"));
            if (person is null)
            {
                return new RowError("REQUIRED_FIELD_MISSING", "Required fields are missing: [ContactId, LeadId]", ["ContactId", "LeadId"]);
            }

            if (row.Rows("CampaignMember", field, person.Id).Any(m => m.Text("CampaignId") == row.Text("CampaignId")))
            {
                return new RowError("DUPLICATE_VALUE", "Already a campaign member.", []);
            }

            (row.Values["LeadOrContactId"], row.Values["Type"]) = (person.Id, field == "ContactId" ? "Contact" : "Lead");
            foreach (var (member, ofContact, ofLead) in Copies)
            {
                row.Values[member] = person.Values.GetValueOrDefault(field == "ContactId" ? ofContact : ofLead);
            }

            row.Values["CompanyOrAccount"] = field == "LeadId" ? person.Text("Company") : person.Text("AccountId") is { } account ? row.State.Find(account)?.Text("Name") : null;
        }

        if (row.IsNew || row.Sets("Status"))
        {
            var statuses = row.Rows("CampaignMemberStatus", "CampaignId", row.Text("CampaignId")).ToList();
            var known = statuses.Find(s => s.Text("Label")!.Equals(row.Text("Status"), StringComparison.OrdinalIgnoreCase))
                ?? statuses.Find(s => s.Values.GetValueOrDefault("IsDefault") is true);
            // A status the campaign does not have is replaced by its default without a word; without a default it is stored as it is.
            var responded = known?.Values.GetValueOrDefault("HasResponded") is true;
            row.Values["Status"] = known?.Text("Label") ?? row.Text("Status");
            row.Values["HasResponded"] = responded;
            if (responded && row.Value("FirstRespondedDate") is null)
            {
                row.Values["FirstRespondedDate"] = DateOnly.FromDateTime(row.State.Now.UtcDateTime);
            }
        }

        return null;
    }

    public override void After(RowChange row, OrgRecord record) => Count(row.State, record);

    public override void Deleted(OrgState state, RecordWriter writer, OrgRecord record) => Count(state, record);

    private static void Count(OrgState state, OrgRecord member)
    {
        if (member.Text("CampaignId") is not { } id || state.Find(id) is not { IsDeleted: false } campaign)
        {
            return;
        }

        var members = state.WithValue(member.Definition, member.Definition.Find("CampaignId")!, id)!.Where(m => !m.IsDeleted).ToList();
        state.Update(campaign, new Dictionary<string, object?>
        {
            ["NumberOfContacts"] = (decimal)members.Count(m => m.Text("ContactId") is not null), ["NumberOfLeads"] = (decimal)members.Count(m => m.Text("LeadId") is not null),
            ["NumberOfResponses"] = (decimal)members.Count(m => m.Values.GetValueOrDefault("HasResponded") is true),
        });
    }
}
