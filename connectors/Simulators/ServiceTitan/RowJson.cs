using System.Globalization;
using System.Text.Json;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>Writes records as the vendor's documents describe them.</summary>
internal static class RowJson
{
    public static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);

    public static void Customer(Utf8JsonWriter w, TenantState state, Customer c, Guid? application)
    {
        w.WriteStartObject();
        CustomerFields(w, state, c, application);
        w.WriteEndObject();
    }

    /// <summary>The answer to a create alone carries the locations and contacts.</summary>
    public static void CreatedCustomer(
        Utf8JsonWriter w, TenantState state, Customer c, Guid? application, IEnumerable<(Location Row, IReadOnlyList<ContactLine> Lines)> locations, IEnumerable<ContactLine> lines)
    {
        w.WriteStartObject();
        CustomerFields(w, state, c, application);
        w.WriteStartArray("locations");
        foreach (var (location, itsLines) in locations)
        {
            Location(w, state, location, null, itsLines);
        }

        w.WriteEndArray();
        w.WriteStartArray("contacts");
        foreach (var line in lines)
        {
            PlainLine(w, line);
        }

        w.WriteEndArray();
        w.WriteEndObject();
    }

    public static void Location(Utf8JsonWriter w, TenantState state, Location l, Guid? application, IReadOnlyList<ContactLine>? lines)
    {
        w.WriteStartObject();
        Number(w, "taxZoneId", l.TaxZoneId);
        w.WriteNumber("id", l.Id);
        w.WriteNumber("customerId", l.CustomerId);
        w.WriteBoolean("active", l.Active);
        w.WriteString("name", l.Name);
        AddressField(w, l.Address);
        CustomFields(w, l.CustomFields, state);
        w.WriteString("createdOn", Iso(l.CreatedOn));
        w.WriteNumber("createdById", TenantState.IntegrationUser);
        w.WriteString("modifiedOn", Iso(l.ModifiedOn));
        Number(w, "mergedToId", l.MergedToId);
        w.WriteNull("zoneId");
        w.WriteBoolean("taxExempt", false);
        Ids(w, "tagTypeIds", l.TagTypeIds);
        External(w, l.ExternalData, application);
        if (lines is not null)
        {
            w.WriteStartArray("contacts");
            foreach (var line in lines)
            {
                PlainLine(w, line);
            }

            w.WriteEndArray();
        }

        w.WriteEndObject();
    }

    /// <summary><paramref name="owner"/> names the owner's id in lists over many records and in exports; <paramref name="withActive"/> only in exports.</summary>
    public static void Line(Utf8JsonWriter w, ContactLine line, string? owner = null, bool withActive = false)
    {
        w.WriteStartObject();
        w.WriteString("modifiedOn", Iso(line.ModifiedOn));
        w.WriteStartObject("phoneSettings");
        w.WriteString("phoneNumber", line.Digits);
        w.WriteBoolean("doNotText", false);
        w.WriteEndObject();
        w.WriteString("createdOn", Iso(line.CreatedOn));
        w.WriteStartObject("preferences");
        w.WriteBoolean("jobRemindersEnabled", line.Preferences.JobReminders);
        w.WriteBoolean("marketingUpdatesEnabled", line.Preferences.MarketingUpdates);
        w.WriteBoolean("invoiceStatementNotification", line.Preferences.InvoiceStatements);
        w.WriteEndObject();
        LineFields(w, line);
        if (owner is not null)
        {
            w.WriteNumber(owner, line.OwnerId);
        }

        if (withActive)
        {
            w.WriteBoolean("active", line.Active);
        }

        w.WriteEndObject();
    }

    public static void Tag(Utf8JsonWriter w, TagType t)
    {
        w.WriteStartObject();
        w.WriteNumber("id", t.Id);
        w.WriteString("name", t.Name);
        w.WriteString("color", t.Color);
        w.WriteString("code", t.Code);
        w.WriteString("importance", t.Importance);
        w.WriteBoolean("isConversionOpportunity", t.IsConversionOpportunity);
        w.WriteBoolean("allowToUseOnTimesheetActivity", t.AllowToUseOnTimesheetActivity);
        w.WriteBoolean("isVisibleOnDispatchBoard", t.IsVisibleOnDispatchBoard);
        w.WriteBoolean("active", t.Active);
        w.WriteString("createdOn", Iso(t.CreatedOn));
        w.WriteString("modifiedOn", Iso(t.ModifiedOn));
        w.WriteEndObject();
    }

    private static void CustomerFields(Utf8JsonWriter w, TenantState state, Customer c, Guid? application)
    {
        w.WriteNumber("id", c.Id);
        w.WriteBoolean("active", c.Active);
        w.WriteString("name", c.Name);
        w.WriteString("type", c.Type);
        AddressField(w, c.Address);
        CustomFields(w, c.CustomFields, state);
        w.WriteNumber("balance", c.Balance);
        w.WriteBoolean("taxExempt", c.TaxExempt);
        Ids(w, "tagTypeIds", c.TagTypeIds);
        w.WriteBoolean("doNotMail", c.DoNotMail);
        w.WriteBoolean("doNotService", c.DoNotService);
        w.WriteBoolean("nationalAccount", c.NationalAccount);
        w.WriteString("createdOn", Iso(c.CreatedOn));
        w.WriteNumber("createdById", TenantState.IntegrationUser);
        w.WriteString("modifiedOn", Iso(c.ModifiedOn));
        Number(w, "mergedToId", c.MergedToId);
        Number(w, "paymentTermId", c.PaymentTermId);
        Number(w, "creditLimit", c.CreditLimit);
        Number(w, "creditLimitBalance", c.CreditLimitBalance);
        External(w, c.ExternalData, application);
    }

    private static void PlainLine(Utf8JsonWriter w, ContactLine line)
    {
        w.WriteStartObject();
        LineFields(w, line);
        w.WriteEndObject();
    }

    private static void LineFields(Utf8JsonWriter w, ContactLine line)
    {
        w.WriteNumber("id", line.Id);
        w.WriteString("type", line.Type);
        w.WriteString("value", line.Value);
        w.WriteString("memo", line.Memo);
    }

    private static void AddressField(Utf8JsonWriter w, Address a)
    {
        w.WriteStartObject("address");
        w.WriteString("street", a.Street);
        w.WriteString("unit", a.Unit);
        w.WriteString("city", a.City);
        w.WriteString("state", a.State);
        w.WriteString("zip", a.Zip);
        w.WriteString("country", a.Country);
        if (a.Latitude is { } latitude && a.Longitude is { } longitude)
        {
            w.WriteNumber("latitude", latitude);
            w.WriteNumber("longitude", longitude);
        }
        else
        {
            w.WriteNull("latitude");
            w.WriteNull("longitude");
        }

        w.WriteEndObject();
    }

    private static void CustomFields(Utf8JsonWriter w, SortedDictionary<long, string> fields, TenantState state)
    {
        w.WriteStartArray("customFields");
        foreach (var (typeId, value) in fields)
        {
            w.WriteStartObject();
            w.WriteNumber("typeId", typeId);
            w.WriteString("name", state.CustomFieldName(typeId));
            w.WriteString("value", value);
            w.WriteEndObject();
        }

        w.WriteEndArray();
    }

    /// <summary>Filled only for the application that was named in the request.</summary>
    private static void External(Utf8JsonWriter w, ExternalData data, Guid? application)
    {
        w.WriteStartArray("externalData");
        if (application is { } guid)
        {
            foreach (var (key, value) in data.Of(guid))
            {
                w.WriteStartObject();
                w.WriteString("key", key);
                w.WriteString("value", value);
                w.WriteEndObject();
            }
        }

        w.WriteEndArray();
    }

    private static void Ids(Utf8JsonWriter w, string name, List<long> ids)
    {
        w.WriteStartArray(name);
        ids.ForEach(w.WriteNumberValue);
        w.WriteEndArray();
    }

    private static void Number(Utf8JsonWriter w, string name, decimal? value)
    {
        if (value is { } number)
        {
            w.WriteNumber(name, number);
        }
        else
        {
            w.WriteNull(name);
        }
    }
}
