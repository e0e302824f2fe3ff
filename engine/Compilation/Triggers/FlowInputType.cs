using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Triggers;

/// <summary>The type of <c>input</c> as a field type: payloads of webhooks and manual runs are read by it.</summary>
internal static class FlowInputType
{
    public static FieldType Of(FlowSession session, FlowInputModel input)
    {
        if (input.Entity is { } entity) return new FieldType { Kind = FieldKind.Object, Fields = entity.Descriptor.Fields, OpenFields = entity.Descriptor.Extensible };
        if (session.Flow.Input is not { Fields.Count: > 0 } declared) return new FieldType { Kind = FieldKind.Object, OpenFields = true };
        var fields = new List<FieldDescriptor>();
        foreach (var field in declared.Fields)
        {
            fields.Add(new FieldDescriptor
            {
                Name = field.Name.Value, Type = session.Types.Bind(field.Type).Field, Nullable = field.IsOptional, RequiredOnCreate = !field.IsOptional && field.Default is null,
            });
        }

        return new FieldType { Kind = FieldKind.Object, Fields = fields };
    }

    /// <summary>What fields of a declared input are where nothing is given for them.</summary>
    public static IReadOnlyDictionary<string, object?> Defaults(FlowSession session) => (session.Flow.Input?.Fields ?? [])
        .Where(f => f.Default is not (null or NullValue)).ToDictionary(f => f.Name.Value, f => LiteralClr.Of(f.Default, session.Types.Bind(f.Type).Field), StringComparer.Ordinal);
}
