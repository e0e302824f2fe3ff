using System.Text.Json.Nodes;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Definitions;
using WorkflowEngine.Simulators;
using WorkflowEngine.Simulators.ServiceTitan;

namespace WorkflowEngine.FlowTesting;

/// <summary>Records of the simulated ServiceTitan tenant.</summary>
internal sealed class TenantRecords(ServiceTitanSimulator tenant, Uri address, RecordNames names, Func<string, EntityDescriptor?> describe) : ISystemRecords, IDisposable
{
    private static readonly string[] Stamps = ["modifiedOn", "balanceModifiedOn"];

    /// <summary>What a tenant has set up and no flow reads, but a test may give: a custom field must be there before a flow writes it.</summary>
    public static readonly string[] Settings = ["customFieldType", "durationBilling"];

    /// <summary>What people enter of a record of this entity; null where nobody has listed it.</summary>
    public static IReadOnlyList<string>? MembersOf(string entity) => ServiceTitanSimulator.MembersOf(Kind(entity));

    private readonly SystemControls _controls = new(new SimulatorTransport(tenant), address);
    private readonly Dictionary<string, int> _byPeople = new(StringComparer.Ordinal);
    private readonly HashSet<(string Entity, string Id)> _made = [];

    public async Task<string?> PutAsync(string entity, ObjectValue record, bool isNew, CancellationToken cancellationToken)
    {
        var body = VendorJson.Of(names.Resolve(record), describe(entity)?.Fields ?? []);
        if (entity == "customer" && body["mergedToId"] is { } into && body["id"] is { } from)
        {
            var (merged, refused) = await _controls.SendAsync(HttpMethod.Post, "/_people/merge", new JsonObject { ["from"] = from.DeepClone(), ["to"] = into.DeepClone() }, cancellationToken).ConfigureAwait(false);
            return merged < 300 ? null : Problem(entity, refused);
        }

        Fold(body);
        var id = Identity(entity, body);
        var known = id is not null && _made.Contains((entity, id));
        var path = Path(entity, body);
        // Kinds without a class of their own take the same call for what is new and what is changed.
        var (status, answer) = known && HasOwnPath(entity)
            ? await _controls.SendAsync(HttpMethod.Patch, $"{path}/{id}", Without(body, "id"), cancellationToken).ConfigureAwait(false)
            : await _controls.SendAsync(HttpMethod.Post, path, body, cancellationToken).ConfigureAwait(false);
        if (status >= 300) return Problem(entity, answer);
        if (known) return null;
        _byPeople[entity] = _byPeople.GetValueOrDefault(entity) + 1;
        if (id is not null) _made.Add((entity, id));
        return null;
    }

    public async Task<string?> DeleteAsync(string entity, ObjectValue with, CancellationToken cancellationToken)
    {
        var body = VendorJson.Of(names.Resolve(with), describe(entity)?.Fields ?? []);
        var kind = Kind(entity);
        var (_, all) = await _controls.SendAsync(HttpMethod.Get, $"/_records?type={kind}", null, cancellationToken).ConfigureAwait(false);
        foreach (var row in (all?[kind] as JsonArray ?? []).OfType<JsonObject>().Where(r => body.All(b => r[b.Key]?.ToString() == b.Value?.ToString())))
        {
            var (status, problem) = await _controls.SendAsync(HttpMethod.Delete, $"/_people/{kind}/{row["id"]}", null, cancellationToken).ConfigureAwait(false);
            if (status >= 300) return Problem(entity, problem);
        }

        return null;
    }

    public Task<string?> SetUpAsync(ObjectValue setup, bool rules, CancellationToken cancellationToken) =>
        Task.FromResult<string?>(setup.Lines.Count == 0 ? null : "A ServiceTitan tenant has no set-up of its own; write its records.");

    public async Task<int> MadeByOthersAsync(string entity, CancellationToken cancellationToken)
    {
        var kind = Kind(entity);
        var (_, all) = await _controls.SendAsync(HttpMethod.Get, $"/_records?type={kind}", null, cancellationToken).ConfigureAwait(false);
        return (all?[kind] as JsonArray)?.Count - _byPeople.GetValueOrDefault(entity) ?? 0;
    }

    public async Task<SortedDictionary<string, string>> SnapshotAsync(CancellationToken cancellationToken)
    {
        var (_, all) = await _controls.SendAsync(HttpMethod.Get, "/_records", null, cancellationToken).ConfigureAwait(false);
        return Snapshots.Of(all, Stamps, "id");
    }

    public void Dispose() => _controls.Dispose();

    /// <summary>Where people enter this kind of record.</summary>
    private static string Path(string entity, JsonObject body) => entity switch
    {
        "customer" => "/_people/customers",
        "tagType" => "/_people/tag-types",
        "customerContact" when body["customerId"] is { } customer && body["id"] is null => $"/_people/customers/{customer}/contacts",
        "customerContact" => "/_people/contacts",
        _ => $"/_people/{Kind(entity)}",
    };

    private static bool HasOwnPath(string entity) => entity is "customer" or "customerContact" or "location" or "tagType";

    /// <summary>What tells records of a kind apart; null where the vendor gives a number of its own.</summary>
    private static string? Identity(string entity, JsonObject body) => entity switch
    {
        "technicianRating" => $"{body["technicianId"]}/{body["jobId"]}",
        "review" => body["internalId"]?.ToString(),
        _ => body["id"]?.ToString(),
    };

    /// <summary>Custom fields and external data in the vendor's form: flows know them as <c>custom.Name</c> and <c>external.key</c>.</summary>
    private static void Fold(JsonObject body)
    {
        if (body["custom"] is JsonObject custom)
        {
            body.Remove("custom");
            body["customFields"] = new JsonArray([.. custom.Select(c => (JsonNode)new JsonObject { ["name"] = c.Key, ["value"] = c.Value?.ToString() })]);
        }

        if (body["external"] is JsonObject external)
        {
            body.Remove("external");
            body["externalData"] = new JsonObject
            {
                ["applicationGuid"] = TestSettings.ApplicationGuid,
                ["externalData"] = new JsonArray([.. external.Select(e => (JsonNode)new JsonObject { ["key"] = e.Key, ["value"] = e.Value?.ToString() })]),
            };
        }
    }

    /// <summary>The name under which the simulator lists an entity's records.</summary>
    private static string Kind(string entity) => entity switch
    {
        "customerContact" => "contacts",
        "appointmentAssignment" => "assignments",
        _ => entity + "s",
    };

    private static JsonObject Without(JsonObject body, string name)
    {
        body.Remove(name);
        return body;
    }

    private static string Problem(string what, JsonNode? answer) => $"The ServiceTitan simulator refuses the {what}: {answer?.ToJsonString() ?? "it cannot be entered there"}";
}
