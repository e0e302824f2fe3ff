using System.Collections.Concurrent;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.ServiceTitan;

/// <summary>What the operations of one connection share.</summary>
internal sealed class Session
{
    private readonly IReadOnlyDictionary<string, EntityDescriptor> _entities;
    private readonly ConcurrentDictionary<string, EntityAccess> _access = new();

    public Session(ServiceTitanSettings settings, ConnectorContext context, IServiceTitanApi api, RemoteCaller caller)
    {
        Settings = settings;
        Time = context.Time;
        Api = api;
        Caller = caller;
        Lists = new ListReader(api, caller);
        WholeLists = new WholeLists(this);
        CustomTypes = new CustomTypes(this);
        _entities = ServiceTitanCatalog.Descriptor.Entities.Concat(context.Entities).GroupBy(e => e.Name).ToDictionary(g => g.Key, g => g.Last());
    }

    public ServiceTitanSettings Settings { get; }

    public TimeProvider Time { get; }

    public IServiceTitanApi Api { get; }

    public RemoteCaller Caller { get; }

    public ListReader Lists { get; }

    public WholeLists WholeLists { get; }

    public CustomTypes CustomTypes { get; }

    /// <summary>The entity; null when the catalogue has none of that name.</summary>
    public EntityAccess? Access(string entity)
    {
        if (_access.TryGetValue(entity, out var known)) return known;
        return _entities.TryGetValue(entity, out var descriptor) && ServiceTitanCatalog.Entities.TryGetValue(entity, out var document)
            ? _access.GetOrAdd(entity, new EntityAccess(descriptor, document))
            : null;
    }

    /// <summary>A path of the catalogue with the tenant filled in.</summary>
    public string Path(string template) => template.Replace("{tenant}", Settings.Tenant, StringComparison.Ordinal);

    /// <summary>A query that also asks for our external data, where the entity has some.</summary>
    public Dictionary<string, string> Query(EntityAccess access)
    {
        var query = new Dictionary<string, string>(access.Wire.Query);
        if (access.Wire.External && Settings.ApplicationGuid is { } guid) query["externalDataApplicationGuid"] = guid;
        return query;
    }
}
