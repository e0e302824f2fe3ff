using WorkflowEngine.Abstractions;

namespace WorkflowEngine.ServiceTitan;

/// <summary>Which code serves which entity. Reads not named here are general; writes and calls not named here answer "not supported yet".</summary>
internal sealed class OperationTable
{
    private static readonly ReadRecords General = new();

    // Made per connection: some remember what the tenant's gateway publishes.
    private readonly Dictionary<string, IReadOperation> _reads = new()
    {
        ["customerContact"] = new ReadCustomerContacts(),
        ["jobNote"] = new ReadChildren(),
        ["invoiceItem"] = new ReadWithinParent("invoice"),
    };

    private readonly Dictionary<(string Entity, WriteVerb Verb), IWriteOperation> _writes = new()
    {
        [("customer", WriteVerb.Create)] = new CreateRecord(),
        [("customer", WriteVerb.Update)] = new PatchRecord(),
        [("customerContact", WriteVerb.Create)] = new CreateCustomerContact(),
        [("location", WriteVerb.Create)] = new CreateRecord(),
        [("location", WriteVerb.Update)] = new PatchRecord(),
    };

    public IReadOperation Read(string entity) => _reads.GetValueOrDefault(entity, General);

    public IWriteOperation? Write(string entity, WriteVerb verb) => _writes.GetValueOrDefault((entity, verb));
}
