namespace WorkflowEngine.Expressions.Execution;

/// <summary>A named line of a <c>map</c>: later lines read it as <c>&lt;id&gt;.&lt;name&gt;</c>. The source stands without its leading <c>=</c>.</summary>
public sealed record MapLine(string Name, string Source);
