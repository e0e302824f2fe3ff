using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Api;

/// <summary>The connectors installed.</summary>
public sealed record CatalogView(IReadOnlyList<ConnectorView> Connectors);

/// <summary>A connector without the fields of its entities.</summary>
public sealed record ConnectorView(
    string Name, string Title, bool Extensible, IReadOnlyList<EntityView> Entities, IReadOnlyList<OperationView> Operations, IReadOnlyList<SettingView> Settings,
    IReadOnlyList<SettingView> Secrets, IReadOnlyList<SettingView> Options)
{
    internal static ConnectorView Of(ConnectorDescriptor c) => new(
        c.Name, c.Title, c.Extensible, [.. c.Entities.Select(EntityView.Of)], [.. c.Operations.Select(o => new OperationView(o.Name, o.Description))],
        [.. c.Settings.Select(SettingView.Of)], [.. c.Secrets.Select(SettingView.Of)], [.. c.Options.Select(SettingView.Of)]);
}

/// <summary>An entity without its fields.</summary>
public sealed record EntityView(string Name, string Title, bool Queryable, bool Creatable, bool Updatable, bool Deletable, IReadOnlyList<EventView> Events)
{
    internal static EntityView Of(EntityDescriptor e) =>
        new(e.Name, e.Title ?? e.Name, e.Queryable, e.Creatable, e.Updatable, e.Deletable, [.. e.Events.Select(v => new EventView(v.Name, v.Description, v.Covers))]);
}

/// <summary>A change flows can start from.</summary>
public sealed record EventView(string Name, string Description, IReadOnlyList<string> Covers);

/// <summary>A named operation.</summary>
public sealed record OperationView(string Name, string Description);

/// <summary>A named operation with what it takes and gives.</summary>
public sealed record OperationDetail(string Name, string Description, bool Repeatable, IReadOnlyList<FieldView> Input, IReadOnlyList<FieldView> Output);

/// <summary>A setting, secret or option.</summary>
public sealed record SettingView(string Name, string Description, TypeView Type, string? Default, bool Required)
{
    internal static SettingView Of(SettingDescriptor s) => new(s.Name, s.Description, TypeView.Of(s.Type), s.Default, s.Required);
}

/// <summary>An entity with its fields.</summary>
/// <param name="Name">The name flows use.</param>
/// <param name="Title">For people.</param>
/// <param name="IdField">The field that holds the record's id.</param>
/// <param name="Fields">Its fields.</param>
/// <param name="Source"><c>catalogue</c> or <c>org</c>.</param>
/// <param name="ReadAt">When the org was read.</param>
public sealed record EntityDetail(string Name, string Title, string IdField, IReadOnlyList<FieldView> Fields, string Source, DateTimeOffset? ReadAt);

/// <summary>A field.</summary>
public sealed record FieldView
{
    public required string Name { get; init; }

    public required string Title { get; init; }

    public required TypeView Type { get; init; }

    public bool Nullable { get; init; }

    public bool Readable { get; init; }

    public bool Creatable { get; init; }

    public bool Updatable { get; init; }

    public bool RequiredOnCreate { get; init; }

    public bool Filterable { get; init; }

    /// <summary>How a record is found by it.</summary>
    public required string Search { get; init; }

    public bool ExternalId { get; init; }

    public bool Unique { get; init; }

    public string? Relationship { get; init; }

    public bool Sensitive { get; init; }

    internal static FieldView Of(FieldDescriptor f) => new()
    {
        Name = f.Name, Title = f.Title ?? f.Name, Type = TypeView.Of(f.Type), Nullable = f.Nullable, Readable = f.Readable, Creatable = f.Creatable, Updatable = f.Updatable,
        RequiredOnCreate = f.RequiredOnCreate, Filterable = f.Filterable, Search = Words.Of(f.Search), ExternalId = f.ExternalId, Unique = f.Unique, Relationship = f.Relationship,
        Sensitive = f.Sensitive,
    };
}

/// <summary>The type of a value.</summary>
public sealed record TypeView
{
    public required string Kind { get; init; }

    public int? Length { get; init; }

    public int? Scale { get; init; }

    /// <summary>Allowed texts; null = not known.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>Other texts are taken too.</summary>
    public bool OpenChoices { get; init; }

    /// <summary>For an id: what it points at.</summary>
    public string? Entity { get; init; }

    /// <summary>For a list.</summary>
    public TypeView? Item { get; init; }

    /// <summary>For an object.</summary>
    public IReadOnlyList<FieldView> Fields { get; init; } = [];

    /// <summary>Names outside the fields may be read and written too.</summary>
    public bool OpenFields { get; init; }

    internal static TypeView Of(FieldType t) => new()
    {
        Kind = Words.Of(t.Kind), Length = t.Length, Scale = t.Scale, Choices = t.Choices, OpenChoices = t.OpenChoices, Entity = t.Entity,
        Item = t.Item is null ? null : Of(t.Item), Fields = [.. t.Fields.Select(FieldView.Of)], OpenFields = t.OpenFields,
    };
}

/// <summary>What expressions can call.</summary>
public sealed record FunctionsView(IReadOnlyList<FunctionView> Functions, IReadOnlyList<string> Reserved);

/// <summary>A function, constant or method.</summary>
public sealed record FunctionView(string Name, string Kind, string Signature, string Docs, string Example, IReadOnlyList<FunctionParameterView> Parameters, string Returns);

/// <summary>A parameter of a function.</summary>
public sealed record FunctionParameterView(string Name, string Type, bool Optional, bool Rest);

/// <summary>Every finding there is.</summary>
public sealed record DiagnosticPagesView(IReadOnlyList<DiagnosticPageView> Diagnostics);

/// <summary>What a finding means.</summary>
public sealed record DiagnosticPageView(string Code, string Severity, string Meaning, string Example, string Fix);
