using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Testing;

/// <summary>One entity of a fake vendor and its records.</summary>
public sealed class FakeEntity(EntityDescriptor descriptor)
{
    public EntityDescriptor Descriptor { get; } = descriptor;

    internal Dictionary<string, FakeRecord> Records { get; } = [];

    /// <summary>Deleted records that can be restored.</summary>
    internal Dictionary<string, FakeRecord> Bin { get; } = [];

    /// <summary>
    /// A descriptor whose fields are all readable, writable and searchable; <c>!</c> behind a name makes it a unique external id, <c>~</c> searchable whatever the case, <c>#</c> money, <c>+</c> never null, <c>^</c> set by a create only.
    /// </summary>
    public static EntityDescriptor Describe(string name, params string[] fields) => new()
    {
        Name = name, IdField = "id", VersionField = "version", Creatable = true, Updatable = true, Deletable = true,
        Events = [new EntityEvent { Name = "changed", Description = "Any change.", Feeds = ["feed"] }],
        Fields =
        [
            Field("id") with { Type = FieldType.IdOf(name), Nullable = false }, Field("version"),
            .. fields.Select(f => f.EndsWith('!') ? Field(f[..^1]) with { ExternalId = true, Unique = true } : f.EndsWith('~') ? Field(f[..^1]) with { Search = SearchForm.IgnoreCase }
                : f.EndsWith('^') ? Field(f[..^1]) with { Updatable = false }
                : f.EndsWith('+') ? Field(f[..^1]) with { Nullable = false }
                : f.EndsWith('#') ? Field(f[..^1]) with { Type = FieldType.Of(FieldKind.Decimal) with { Scale = 2 } } : Field(f)),
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
