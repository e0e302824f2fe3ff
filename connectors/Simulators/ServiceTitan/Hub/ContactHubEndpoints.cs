using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>
/// The contact hub: the same lines of customers and locations seen as methods of contacts. Here every line is a contact of its own; reading is what integrations need it for,
/// above all finding who has an e-mail address.
/// </summary>
internal sealed class ContactHubEndpoints(TenantState state)
{
    public Answer? Handle(SimulatorRequest request, string[] path) => (request.Method, path) switch
    {
        ("GET", ["contacts", "contact-methods"]) => Methods(request),
        ("GET", ["contacts", var contact, "relationships"]) => Relationships(request, contact),
        _ => null,
    };

    private Answer Methods(SimulatorRequest request)
    {
        request.Kind = "hub.methods";
        var query = new ListQuery(request);
        var (value, type, contact) = (query.Text("value"), query.Text("type"), query.Guid("contactId"));
        var lines = query.ByDates(Lines().Where(l =>
            (value is null || l.Value.Equals(value, StringComparison.OrdinalIgnoreCase))
            && (type is null || l.Type.Equals(type, StringComparison.OrdinalIgnoreCase))
            && (contact is null || Id("contact", l) == contact)));
        return query.Envelope(query.Sorted(lines).ToList(), Method);
    }

    private Answer Relationships(SimulatorRequest request, string contact)
    {
        request.Kind = "hub.relationships";
        var line = Guid.TryParse(contact, out var id) && Lines().FirstOrDefault(l => Id("contact", l) == id) is { } found ? found : throw ServiceTitanErrors.NotFound("Contact");
        var slug = state.CustomerContacts.Find(line.Id) == line ? "customer" : "location";
        return new ListQuery(request).Envelope([line], (w, l) =>
        {
            w.WriteStartObject();
            w.WriteString("id", Id("relationship", l));
            w.WriteNumber("relatedEntityId", l.OwnerId);
            w.WriteString("typeName", slug == "customer" ? "Customer" : "Location");
            w.WriteString("typeSlug", slug);
            w.WriteString("createdOn", RowJson.Iso(l.CreatedOn));
            w.WriteNumber("createdBy", TenantState.IntegrationUser);
            w.WriteEndObject();
        });
    }

    private IEnumerable<ContactLine> Lines()
    {
        var now = state.Now;
        return state.CustomerContacts.Visible(now).Concat(state.LocationContacts.Visible(now)).Where(l => l.Active);
    }

    private static void Method(Utf8JsonWriter w, ContactLine line)
    {
        w.WriteStartObject();
        w.WriteString("id", Id("method", line));
        w.WriteString("contactId", Id("contact", line));
        w.WriteNull("referenceId");
        w.WriteString("type", line.Type);
        w.WriteString("value", line.Value);
        w.WriteString("memo", line.Memo);
        w.WriteString("createdOn", RowJson.Iso(line.CreatedOn));
        w.WriteNumber("createdBy", TenantState.IntegrationUser);
        w.WriteString("modifiedOn", RowJson.Iso(line.ModifiedOn));
        w.WriteNumber("modifiedBy", TenantState.IntegrationUser);
        w.WriteEndObject();
    }

    /// <summary>The same line has the same ids at every reading.</summary>
    private static Guid Id(string what, ContactLine line) =>
        new(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{what}/{line.Id}"))).AsSpan(0, 16));
}
