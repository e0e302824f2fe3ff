using WorkflowEngine.Abstractions;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.Connectors.Tests.ServiceTitan;

/// <summary>Settings and requests the tests share.</summary>
internal static class TestTenant
{
    public const string ApplicationGuid = "5b0b7c39-6f0e-4f57-9d0b-2c8f5d1a7e90";

    public static ConnectionSettings Settings(Uri address, string? secret = null, params (string Name, string Value)[] more) => new()
    {
        Name = "test",
        Connector = "servicetitan",
        Settings = new Dictionary<string, string>(more.Select(m => KeyValuePair.Create(m.Name, m.Value)))
        {
            ["tenant"] = "1234567890",
            ["clientId"] = ServiceTitanSimulator.ClientId,
            ["baseAddress"] = address.ToString(),
            ["allowPrivate"] = "true",
        },
        Secrets = new Dictionary<string, string> { ["appKey"] = secret ?? ServiceTitanSimulator.AppKey, ["clientSecret"] = secret ?? ServiceTitanSimulator.ClientSecret },
    };

    public static ReadBatch CustomersById(params string[][] askers) => new()
    {
        Entity = "customer",
        Fields = ["id", "name"],
        Conditions = [.. askers.Select(ids => new FieldCondition("id", Comparison.In, ids))],
    };

    public static ReadBatch Read(string entity, params Condition[] conditions) => new() { Entity = entity, Fields = [], Conditions = conditions };

    public static FieldCondition Is(string path, params object[] values) => new(path, Comparison.In, values);

    public static WriteBatch NewCustomer(string name, params (string Name, object? Value)[] more)
    {
        var address = new Dictionary<string, object?> { ["street"] = "2214 Alder Ridge Rd", ["city"] = "Boise", ["state"] = "ID", ["zip"] = "83702", ["country"] = "USA" };
        var fields = new Dictionary<string, object?>
        {
            ["name"] = name,
            ["address"] = address,
            ["locations"] = new List<object?> { new Dictionary<string, object?> { ["name"] = name, ["address"] = address } },
        };
        foreach (var (field, value) in more) fields[field] = value;
        return new WriteBatch { Entity = "customer", Verb = WriteVerb.Create, Items = [new WriteItem { Fields = fields }] };
    }
}
