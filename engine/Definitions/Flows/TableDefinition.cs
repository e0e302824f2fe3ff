namespace WorkflowEngine.Definitions;

/// <summary>A table: what its key is, its typed columns, and rows where they are written here. In a deployment only rows may be given.</summary>
public sealed record TableDefinition(
    SourceSpan Span, Located<string> Name, TypeDefinition? Key, IReadOnlyList<FieldDefinition> Columns, IReadOnlyList<TableRow> Rows, Located<string>? RowsFrom);

/// <summary>One row; the key <c>*</c> is the default row.</summary>
public sealed record TableRow(SourceSpan Span, ValueDefinition Key, IReadOnlyList<FieldLine> Values);
