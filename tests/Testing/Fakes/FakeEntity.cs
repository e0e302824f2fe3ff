using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Testing;

/// <summary>One entity of a fake vendor and its records.</summary>
public sealed class FakeEntity(EntityDescriptor descriptor)
{
    public EntityDescriptor Descriptor { get; } = descriptor;

    internal Dictionary<string, FakeRecord> Records { get; } = [];

    /// <summary>A descriptor whose fields are all readable, writable and searchable; <c>!</c> behind a name makes it a unique external id, <c>~</c> searchable whatever the case.</summary>
    public static EntityDescriptor Describe(string name, params string[] fields) => new()
    {
        Name = name, IdField = "id", VersionField = "version", Creatable = true, Updatable = true, Deletable = true,
        Fields =
        [
            Field("id"), Field("version"),
            .. fields.Select(f => f.EndsWith('!') ? Field(f[..^1]) with { ExternalId = true, Unique = true } : f.EndsWith('~') ? Field(f[..^1]) with { Search = SearchForm.IgnoreCase } : Field(f)),
        ],
    };

    private static FieldDescriptor Field(string name) => new()
    {
        Name = name, Type = FieldType.Of(FieldKind.Any) with { Kind = FieldKind.Text }, Creatable = true, Updatable = true, Filterable = true, Search = SearchForm.Exact,
    };
}

/// <summary>A record and when searches begin to show it.</summary>
internal sealed class FakeRecord
{
    public required string Id { get; init; }

    public Dictionary<string, object?> Fields { get; init; } = [];

    public DateTimeOffset VisibleAt { get; set; }

    public long Version { get; set; }
}
