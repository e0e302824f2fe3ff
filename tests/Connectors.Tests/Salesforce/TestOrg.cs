using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Salesforce;
using WorkflowEngine.Simulators;
using WorkflowEngine.Simulators.Salesforce;

namespace WorkflowEngine.Connectors.Tests.Salesforce;

/// <summary>A simulated org with the custom fields of the templates, and connections to it.</summary>
internal static class TestOrg
{
    private const string Requires = """
        {
          "Account": { "ServiceTitan_Customer_Id__c": { "type": "text", "length": 20, "externalId": true, "unique": true }, "ServiceTitan_Active__c": { "type": "boolean" } },
          "Contact": { "ServiceTitan_Person_Key__c": { "type": "text", "length": 80, "externalId": true, "unique": true }, "Loose_Key__c": { "type": "text", "length": 20, "externalId": true } },
          "Opportunity": { "ServiceTitan_Job_Id__c": { "type": "text", "length": 20, "externalId": true, "unique": true }, "ServiceTitan_Revenue__c": { "type": "currency", "scale": 2 } }
        }
        """;

    public static async Task<RunningSimulator<SalesforceSimulator>> StartAsync(SimulatorOptions options, CancellationToken cancellationToken)
    {
        var running = await SimulatorHost.StartAsync(new SalesforceSimulator(options), cancellationToken);
        using var requires = JsonDocument.Parse(Requires);
        running.Simulator.AddRequired(requires.RootElement);
        return running;
    }

    public static ConnectionSettings Settings(Uri address, string? secret = null, params (string Name, string Value)[] more) => new()
    {
        Name = "test",
        Connector = "salesforce",
        Settings = new Dictionary<string, string>(more.Select(m => KeyValuePair.Create(m.Name, m.Value))) { ["baseAddress"] = address.GetLeftPart(UriPartial.Authority), ["allowPrivate"] = "true" },
        Secrets = new Dictionary<string, string> { ["clientId"] = secret ?? SalesforceSimulator.ClientId, ["clientSecret"] = secret ?? SalesforceSimulator.ClientSecret },
    };

    /// <summary>The catalogue with the custom fields above.</summary>
    public static IReadOnlyList<EntityDescriptor> Entities() =>
    [
        .. new SalesforceConnector().Descriptor.Entities.Select(e => e.Name switch
        {
            "Account" => With(e, Key("ServiceTitan_Customer_Id__c"), new FieldDescriptor { Name = "ServiceTitan_Active__c", Type = FieldType.Of(FieldKind.Boolean), Filterable = true }),
            "Contact" => With(e, Key("ServiceTitan_Person_Key__c"), Key("Loose_Key__c") with { Unique = false }),
            "Opportunity" => With(e, Key("ServiceTitan_Job_Id__c"), new FieldDescriptor { Name = "ServiceTitan_Revenue__c", Type = FieldType.Of(FieldKind.Decimal), Filterable = true }),
            _ => e,
        }),
    ];

    private static FieldDescriptor Key(string name) => new() { Name = name, Type = FieldType.Of(FieldKind.Text), Filterable = true, ExternalId = true, Unique = true, Creatable = true, Updatable = true, Search = SearchForm.Exact };

    private static EntityDescriptor With(EntityDescriptor entity, params FieldDescriptor[] fields) => entity with { Fields = [.. entity.Fields, .. fields] };
}
