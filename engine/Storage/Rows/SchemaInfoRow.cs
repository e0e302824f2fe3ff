namespace WorkflowEngine.Storage;

/// <summary>Facts of the database itself, such as the proof that a master key fits.</summary>
public sealed class SchemaInfoRow
{
    public string Name { get; set; } = "";

    public byte[] Value { get; set; } = [];
}
