using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Compilation.Tests;

/// <summary>A connector with what the real ones happen not to have: an entity that cannot be asked for, an operation that must not happen twice.</summary>
internal static class TestCatalog
{
    public static ConnectorDescriptor Lab { get; } = new()
    {
        Name = "lab",
        Title = "Laboratory",
        Settle = TimeSpan.Zero,
        Entities =
        [
            new EntityDescriptor
            {
                Name = "signal",
                Queryable = false,
                Creatable = true,
                Fields =
                [
                    new FieldDescriptor { Name = "id", Type = FieldType.IdOf("signal"), Nullable = false, Search = SearchForm.Exact, Filterable = true },
                    new FieldDescriptor { Name = "text", Type = FieldType.Of(FieldKind.Text), Creatable = true, Filterable = true },
                    new FieldDescriptor { Name = "length", Type = FieldType.Of(FieldKind.Duration), Creatable = true, Filterable = true },
                ],
            },
        ],
        Operations =
        [
            new OperationDescriptor
            {
                Name = "signal.send",
                Description = "Sends a signal.",
                Input = [new FieldDescriptor { Name = "text", Type = FieldType.Of(FieldKind.Text), RequiredOnCreate = true }],
                Output = [new FieldDescriptor { Name = "number", Type = FieldType.Of(FieldKind.Integer), Nullable = false }],
            },
        ],
    };
}
