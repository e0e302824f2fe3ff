namespace WorkflowEngine.Expressions.Execution;

/// <summary>Why an expression gave no value.</summary>
public enum EvaluationErrorKind
{
    /// <summary>Not part of the language, or a name that the mapping was not given: it never ran.</summary>
    Invalid,

    /// <summary>A member of null was read, or null was given where a value is needed.</summary>
    Null,

    /// <summary>A value that the operator or function cannot use.</summary>
    Runtime,

    /// <summary>A table has no row for the key.</summary>
    TableMissing,

    /// <summary>Time, memory, steps, nesting or size.</summary>
    Limit,

    /// <summary>The evaluation did not come back; its engine was replaced.</summary>
    Abandoned,
}
