using System.Collections.Frozen;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.ServiceTitan;

/// <summary>Which code serves which entity. What is not named here is general: reads, writes and operations follow the <c>wire</c> parts of the catalogue.</summary>
internal sealed class OperationTable
{
    private static readonly ReadRecords General = new();
    private static readonly CreateRecord Create = new();
    private static readonly PatchRecord Update = new();
    private static readonly DeleteRecord Delete = new();

    private static readonly FrozenDictionary<string, (OperationDescriptor Operation, ICallOperation Code)> Calls = ServiceTitanCatalog.Entities.Values
        .SelectMany(e => e.Operations.Where(o => e.OperationWires.ContainsKey(o.Name)).Select(o => (o, (ICallOperation)new CallAction(OperationWire.Of(e.OperationWires[o.Name])))))
        .ToFrozenDictionary(o => o.o.Name);

    // Made per connection: some remember what the tenant's gateway publishes.
    private readonly Dictionary<string, IReadOperation> _reads = new()
    {
        ["customer"] = new ReadCustomers(),
        ["customerContact"] = new ReadContactLines(),
        ["locationContact"] = new ReadContactLines(),
        ["jobNote"] = new ReadChildren(),
        ["invoiceItem"] = new ReadWithinParent("invoice"),
    };

    private readonly Dictionary<(string Entity, WriteVerb Verb), IWriteOperation> _writes = new()
    {
        [("campaign", WriteVerb.Update)] = new UpdateCampaign(),
        [("invoice", WriteVerb.Update)] = new UpdateWithNamedFields(Update),
        [("payment", WriteVerb.Update)] = new UpdateWithNamedFields(new UpdatePayment(Update)),
    };

    public IReadOperation Read(string entity) => _reads.GetValueOrDefault(entity, General);

    /// <summary>The code of a write; null when the entity does not take it.</summary>
    public IWriteOperation? Write(EntityDescriptor entity, WriteVerb verb) => _writes.GetValueOrDefault((entity.Name, verb)) ?? verb switch
    {
        WriteVerb.Create when entity.Creatable => Create,
        WriteVerb.Update when entity.Updatable => Update,
        WriteVerb.Delete when entity.Deletable => Delete,
        _ => null,
    };

    /// <summary>A named operation; null when the catalogue has none.</summary>
    public static (OperationDescriptor Operation, ICallOperation Code)? Call(string name) => Calls.TryGetValue(name, out var found) ? found : null;
}
