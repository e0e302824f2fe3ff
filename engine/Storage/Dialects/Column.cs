namespace WorkflowEngine.Storage;

/// <summary>The type of a statement's column.</summary>
public enum ColumnType
{
    Text,
    Int,
    Long,
    Bool,
    Guid,
    Bytes,
}

/// <summary>A column of the rows a statement is given.</summary>
public readonly record struct Column(string Name, ColumnType Type);
