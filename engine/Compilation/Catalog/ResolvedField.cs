using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Compilation.Catalog;

/// <summary>The field at the end of a path, and what the way there allows.</summary>
internal sealed record ResolvedField
{
    public required EntityModel Entity { get; init; }

    public required string Path { get; init; }

    public required FieldDescriptor Field { get; init; }

    /// <summary>The path goes through a list of children: a condition holds when any child fits.</summary>
    public bool ThroughList { get; init; }

    /// <summary>The path goes to a parent record: readable, never written.</summary>
    public bool ThroughParent { get; init; }

    public FieldType Type => Field.Type;

    public bool Filterable => Field.Filterable;

    public bool Searchable => Field.Search != SearchForm.None;

    public bool Creatable => Field.Creatable && !ThroughParent && !ThroughList;

    public bool Updatable => Field.Updatable && !ThroughParent && !ThroughList;
}
