using System.Globalization;
using System.Text.Json;
using WorkflowEngine.Simulators.Http;
using WorkflowEngine.Simulators.Salesforce.Schema;

namespace WorkflowEngine.Simulators.Salesforce.Endpoints;

/// <summary>What objects and fields there are; answers 304 to who knows it already.</summary>
internal sealed class DescribeEndpoints(OrgState state)
{
    public Answer Global(SimulatorRequest request, string version)
    {
        request.Kind = "describeGlobal";
        return IfChanged(request, state.Schema.Objects.Max(o => o.ChangedAt), w =>
        {
            w.WriteStartObject();
            w.WriteString("encoding", "UTF-8");
            w.WriteNumber("maxBatchSize", 200);
            w.WriteStartArray("sobjects");
            foreach (var definition in state.Schema.Objects)
            {
                w.WriteStartObject();
                ObjectProperties(w, definition, version);
                w.WriteEndObject();
            }

            w.WriteEndArray();
            w.WriteEndObject();
        });
    }

    public Answer Basic(SimulatorRequest request, string version, string type)
    {
        request.Kind = "describeBasic";
        var definition = Find(type);
        return Answer.Json(200, w =>
        {
            w.WriteStartObject();
            w.WriteStartObject("objectDescribe");
            ObjectProperties(w, definition, version);
            w.WriteEndObject();
            w.WriteStartArray("recentItems");
            w.WriteEndArray();
            w.WriteEndObject();
        });
    }

    public Answer Describe(SimulatorRequest request, string version, string type)
    {
        request.Kind = "describe";
        var definition = Find(type);
        return IfChanged(request, definition.ChangedAt, w =>
        {
            w.WriteStartObject();
            ObjectProperties(w, definition, version);
            w.WriteStartArray("fields");
            foreach (var field in definition.Fields)
            {
                Field(w, field);
            }

            w.WriteEndArray();
            w.WriteStartArray("childRelationships");
            foreach (var (child, field) in state.Schema.Children(definition))
            {
                w.WriteStartObject();
                w.WriteString("childSObject", child.Name);
                w.WriteString("field", field.Name);
                w.WriteString("relationshipName", field.ChildRelationship);
                w.WriteBoolean("cascadeDelete", field.CascadeDelete);
                w.WriteBoolean("deprecatedAndHidden", false);
                w.WriteBoolean("restrictedDelete", false);
                w.WriteEndObject();
            }

            w.WriteEndArray();
            RecordTypes(w, definition, version);
            w.WriteEndObject();
        });
    }

    private void RecordTypes(Utf8JsonWriter w, ObjectDefinition definition, string version)
    {
        var types = state.All(state.Schema.Find("RecordType")!).Where(t => !t.IsDeleted && definition.Name.Equals(t.Text("SobjectType"), StringComparison.OrdinalIgnoreCase)).ToList();
        w.WriteStartArray("recordTypeInfos");
        foreach (var type in types)
        {
            One(type.Id, type.Text("Name")!, type.Text("DeveloperName")!, type.Values.GetValueOrDefault("IsActive") is true, master: false);
        }

        One("012000000000000AAA", "Master", "Master", active: true, master: true);
        w.WriteEndArray();

        void One(string id, string name, string developerName, bool active, bool master)
        {
            w.WriteStartObject();
            w.WriteBoolean("active", active);
            w.WriteBoolean("available", active);
            w.WriteBoolean("defaultRecordTypeMapping", master && types.Count == 0);
            w.WriteString("developerName", developerName);
            w.WriteBoolean("master", master);
            w.WriteString("name", name);
            w.WriteString("recordTypeId", id);
            w.WriteStartObject("urls");
            w.WriteString("layout", $"/services/data/{version}/sobjects/{definition.Name}/describe/layouts/{id}");
            w.WriteEndObject();
            w.WriteEndObject();
        }
    }

    private ObjectDefinition Find(string type) => state.Schema.Find(type) ?? throw SalesforceErrors.NotFound();

    private static Answer IfChanged(SimulatorRequest request, DateTimeOffset changedAt, Action<Utf8JsonWriter> write)
    {
        var stamp = changedAt.ToString("R", CultureInfo.InvariantCulture);
        return DateTimeOffset.TryParseExact(request.Header("If-Modified-Since"), "R", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var known)
            && changedAt <= known
            ? Answer.Empty(304).With("Last-Modified", stamp) : Answer.Json(200, write).With("Last-Modified", stamp);
    }

    private static void ObjectProperties(Utf8JsonWriter w, ObjectDefinition o, string version)
    {
        var readOnly = o.Name is "Organization" or "Group" or "OpportunityStage" or "Profile" or "AssignmentRule";
        w.WriteString("name", o.Name);
        w.WriteString("label", o.Label);
        w.WriteString("labelPlural", o.Label + "s");
        w.WriteString("keyPrefix", o.KeyPrefix);
        w.WriteBoolean("custom", o.Custom);
        w.WriteBoolean("customSetting", false);
        w.WriteBoolean("createable", !readOnly);
        w.WriteBoolean("updateable", !readOnly);
        w.WriteBoolean("deletable", !readOnly && o.Name != "User");
        w.WriteBoolean("undeletable", !readOnly && o.Name != "User");
        w.WriteBoolean("queryable", true);
        w.WriteBoolean("searchable", true);
        w.WriteBoolean("retrieveable", true);
        w.WriteBoolean("replicateable", !o.Setup);
        w.WriteBoolean("mergeable", o.Name is "Account" or "Contact" or "Lead");
        w.WriteBoolean("triggerable", true);
        w.WriteBoolean("layoutable", true);
        w.WriteBoolean("feedEnabled", false);
        w.WriteBoolean("mruEnabled", true);
        w.WriteBoolean("deprecatedAndHidden", false);
        w.WriteStartObject("urls");
        w.WriteString("sobject", $"/services/data/{version}/sobjects/{o.Name}");
        w.WriteString("describe", $"/services/data/{version}/sobjects/{o.Name}/describe");
        w.WriteString("rowTemplate", $"/services/data/{version}/sobjects/{o.Name}/{{ID}}");
        w.WriteEndObject();
    }

    private static void Field(Utf8JsonWriter w, FieldDefinition f)
    {
        w.WriteStartObject();
        w.WriteString("name", f.Name);
        w.WriteString("label", f.Label);
        w.WriteString("type", f.Type);
        w.WriteString("soapType", f.Type switch
        {
            "id" or "reference" => "tns:ID",
            "boolean" => "xsd:boolean",
            "int" => "xsd:int",
            "double" or "currency" or "percent" => "xsd:double",
            "date" => "xsd:date",
            "datetime" => "xsd:dateTime",
            "address" => "urn:address",
            _ => "xsd:string",
        });
        w.WriteNumber("length", f.Length);
        w.WriteNumber("byteLength", f.Length * 3);
        w.WriteNumber("digits", f.Type is "int" ? f.Precision : 0);
        w.WriteNumber("precision", f.Type is "int" ? 0 : f.Precision);
        w.WriteNumber("scale", f.Scale);
        w.WriteBoolean("nillable", f.Nillable);
        w.WriteBoolean("createable", f.Createable);
        w.WriteBoolean("updateable", f.Updateable);
        w.WriteBoolean("defaultedOnCreate", f.DefaultedOnCreate);
        w.WriteBoolean("externalId", f.ExternalId);
        w.WriteBoolean("idLookup", f.IdLookup);
        w.WriteBoolean("unique", f.Unique);
        w.WriteBoolean("caseSensitive", f.CaseSensitive);
        w.WriteBoolean("custom", f.Custom);
        w.WriteBoolean("nameField", f.NameField);
        w.WriteBoolean("autoNumber", f.AutoNumber);
        w.WriteBoolean("calculated", false);
        w.WriteBoolean("filterable", f.Filterable);
        w.WriteBoolean("sortable", f.Filterable);
        w.WriteBoolean("groupable", f.Filterable && !f.IsNumber);
        w.WriteBoolean("aggregatable", f.Type is not ("address" or "boolean"));
        w.WriteBoolean("permissionable", f.Custom);
        w.WriteBoolean("deprecatedAndHidden", false);
        w.WriteBoolean("restrictedPicklist", f.Restricted);
        w.WriteBoolean("dependentPicklist", false);
        w.WriteStartArray("picklistValues");
        foreach (var value in f.Picklist)
        {
            w.WriteStartObject();
            w.WriteBoolean("active", true);
            w.WriteBoolean("defaultValue", value.Equals(f.Default as string, StringComparison.Ordinal));
            w.WriteString("label", value);
            w.WriteNull("validFor");
            w.WriteString("value", value);
            w.WriteEndObject();
        }

        w.WriteEndArray();
        w.WriteStartArray("referenceTo");
        foreach (var target in f.ReferenceTo)
        {
            w.WriteStringValue(target);
        }

        w.WriteEndArray();
        w.WriteString("relationshipName", f.RelationshipName);
        w.WriteBoolean("cascadeDelete", f.CascadeDelete);
        w.WriteBoolean("restrictedDelete", false);
        w.WriteString("compoundFieldName", Compound(f));
        w.WriteNull("defaultValue");
        w.WriteNull("inlineHelpText");
        w.WriteEndObject();
    }

    private static string? Compound(FieldDefinition f) => f.Name switch
    {
        _ when f.Custom => null,
        "FirstName" or "LastName" or "MiddleName" or "Salutation" or "Suffix" => "Name",
        _ => ((string[])["Billing", "Shipping", "Mailing"]).FirstOrDefault(p =>
            f.Name.StartsWith(p, StringComparison.Ordinal) && f.Name[p.Length..] is "Street" or "City" or "State" or "PostalCode" or "Country") is { } prefix ? $"{prefix}Address" : null,
    };
}
