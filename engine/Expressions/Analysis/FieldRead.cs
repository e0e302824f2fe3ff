using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Expressions.Analysis;

/// <summary>A field that is read of a shape, however the record came there: through maps, lists, groups or the steps between.</summary>
public readonly record struct FieldRead(ObjectShape Shape, string Field);
