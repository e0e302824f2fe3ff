using System.Runtime.CompilerServices;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Compilation.Catalog;

/// <summary>An entity only the org knows, before its own fields are added: what every entity of the connector has.</summary>
internal static class NewEntity
{
    // Compared over all entities of a connector, so found once.
    private static readonly ConditionalWeakTable<ConnectorDescriptor, EntityDescriptor> Models = [];

    public static EntityDescriptor Of(ConnectorDescriptor connector, string name)
    {
        var model = Models.GetValue(connector, Model);
        return model with
        {
            Name = name,
            Fields = [.. model.Fields.Select(f => f.Name == model.IdField ? f with { Type = f.Type with { Entity = name } } : f)],
        };
    }

    private static EntityDescriptor Model(ConnectorDescriptor connector)
    {
        var model = connector.Entities.FirstOrDefault(e => e is { Creatable: true, Extensible: true }) ?? connector.Entities.FirstOrDefault();
        var alike = connector.Entities.Where(e => e is { Creatable: true, Extensible: true }).ToArray();
        var common = model is null ? [] : model.Fields.Where(f => f.Name == model.IdField || alike.All(e => e.Field(f.Name)?.Type.Kind == f.Type.Kind)).ToList();
        if (common.All(f => f.Name != "Name"))
        {
            // An org's own entity always has a name; where it is an automatic number the vendor fills it.
            common.Add(new FieldDescriptor
            {
                Name = "Name",
                Type = new FieldType { Kind = FieldKind.Text, Length = 80 },
                Creatable = true,
                Updatable = true,
                Filterable = true,
                Search = SearchForm.Exact,
                IgnoreCase = true,
            });
        }

        return new EntityDescriptor
        {
            Name = "",
            Fields = [.. common.Select(f => f with { RequiredOnCreate = false })],
            IdField = model?.IdField ?? "id",
            VersionField = model?.VersionField,
            Creatable = true,
            Updatable = true,
            Deletable = true,
            Restorable = model?.Restorable ?? false,
            Extensible = true,
            Events = model is null ? [] : [.. model.Events.Where(e => e.Name is "changed" or "created" or "deleted").Select(e => e with { Covers = [] })],
        };
    }
}
