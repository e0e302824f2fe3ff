using System.Text.Json;
using System.Text.Json.Nodes;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Definitions;
using WorkflowEngine.Simulators;
using WorkflowEngine.Simulators.Salesforce;

namespace WorkflowEngine.FlowTesting;

/// <summary>Records of the simulated Salesforce org.</summary>
internal sealed class OrgRecords(SalesforceSimulator org, Uri address, RecordNames names, Func<string, EntityDescriptor?> describe) : ISystemRecords, IDisposable
{
    /// <summary>Names that an org gives once: a record that has one is the org's own.</summary>
    private static readonly string[] NaturalNames = ["Username", "DeveloperName"];

    /// <summary>The word of a set-up that makes the org one with person accounts.</summary>
    public const string PersonAccounts = "personAccounts";

    /// <summary>What an org has set up and no flow reads, but a test may give: a product of an Opportunity needs its price.</summary>
    public static readonly string[] Settings = ["Pricebook2", "PricebookEntry", "Product2"];

    private static readonly string[] Stamps = ["LastModifiedDate", "SystemModstamp", "LastModifiedById"];

    private readonly SystemControls _controls = new(new SimulatorTransport(org), address);
    private readonly Dictionary<string, int> _byPeople = new(StringComparer.Ordinal);

    public async Task<string?> PutAsync(string entity, ObjectValue record, bool isNew, CancellationToken cancellationToken)
    {
        var fields = describe(entity)?.Fields ?? [];
        var name = (record.Lines.FirstOrDefault(l => l.Name.Value == "Id")?.Value as LiteralValue)?.Text;
        var resolved = names.Resolve(record);
        var body = VendorJson.Of(resolved, fields);
        body.Remove("Id");
        var known = name is not null && names.Knows(name) ? names.Resolve(name) : isNew ? null : Existing(entity, body, fields);
        if (known is not null)
        {
            if (name is not null) names.Add(name, known);
            if (body.All(b => NaturalNames.Contains(b.Key))) return null;
            var (changed, problem) = await _controls.SendAsync(HttpMethod.Patch, $"/_people/{entity}/{known}", body, cancellationToken).ConfigureAwait(false);
            return changed < 300 ? null : Problem(entity, problem);
        }

        var (status, answer) = await _controls.SendAsync(HttpMethod.Post, $"/_people/{entity}", body, cancellationToken).ConfigureAwait(false);
        if (status >= 300) return Problem(entity, answer);
        _byPeople[entity] = _byPeople.GetValueOrDefault(entity) + 1;
        if (name is not null && answer?["ids"]?[0]?.GetValue<string>() is { } id) names.Add(name, id);
        return null;
    }

    public async Task<string?> DeleteAsync(string entity, ObjectValue with, CancellationToken cancellationToken)
    {
        var body = VendorJson.Of(names.Resolve(with), describe(entity)?.Fields ?? []);
        foreach (var row in org.Records(entity, ["Id", .. body.Select(b => b.Key)]).Where(r => body.All(b => r[b.Key] == Text(b.Value))))
        {
            var (status, problem) = await _controls.SendAsync(HttpMethod.Delete, $"/_people/{entity}/{row["Id"]}", null, cancellationToken).ConfigureAwait(false);
            if (status >= 300) return Problem(entity, problem);
            _byPeople[entity] = _byPeople.GetValueOrDefault(entity) - 1;
        }

        return null;
    }

    public async Task<string?> SetUpAsync(ObjectValue setup, bool rules, CancellationToken cancellationToken)
    {
        foreach (var line in setup.Lines.Where(l => l.Name.Value != PersonAccounts && l.Name.Value.EndsWith("Rules", StringComparison.Ordinal) == rules))
        {
            var (status, problem) = await _controls.SendAsync(HttpMethod.Post, $"/_setup/{line.Name.Value}", VendorJson.Of(names.Resolve(line.Value), null), cancellationToken).ConfigureAwait(false);
            if (status >= 300) return Problem($"set-up of {line.Name.Value}", problem);
        }

        return null;
    }

    public Task<int> MadeByOthersAsync(string entity, CancellationToken cancellationToken) =>
        Task.FromResult(org.Records(entity, "Id").Count - _byPeople.GetValueOrDefault(entity));

    public async Task<SortedDictionary<string, string>> SnapshotAsync(CancellationToken cancellationToken)
    {
        var (_, all) = await _controls.SendAsync(HttpMethod.Get, "/_records", null, cancellationToken).ConfigureAwait(false);
        return Snapshots.Of(all, Stamps, "Id");
    }

    public void Dispose() => _controls.Dispose();

    /// <summary>The record that has the same value in a unique field: people edit it, they do not make it twice.</summary>
    private string? Existing(string entity, JsonObject body, IReadOnlyList<FieldDescriptor> fields)
    {
        foreach (var field in fields.Where(f => f.ExternalId && f.Unique).Select(f => f.Name).Concat(NaturalNames))
        {
            if (Text(body[field]) is not { Length: > 0 } value) continue;
            if (org.Records(entity, "Id", field).FirstOrDefault(r => string.Equals(r[field], value, StringComparison.OrdinalIgnoreCase)) is { } row) return row["Id"];
        }

        return null;
    }

    private static string? Text(JsonNode? node) => node?.GetValueKind() switch
    {
        null or JsonValueKind.Null => null,
        JsonValueKind.String => node.GetValue<string>(),
        _ => node.ToJsonString(),
    };

    private static string Problem(string what, JsonNode? answer) => $"The Salesforce simulator refuses the {what}: {answer?.ToJsonString() ?? "no reason was given"}";
}
