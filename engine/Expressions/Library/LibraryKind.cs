namespace WorkflowEngine.Expressions.Library;

/// <summary>How an entry of the library is written.</summary>
public enum LibraryKind
{
    /// <summary><c>money.add(a, b)</c></summary>
    Function,

    /// <summary><c>money.zero</c></summary>
    Constant,

    /// <summary><c>items.map(…)</c></summary>
    ListMethod,

    /// <summary><c>name.trim()</c></summary>
    TextMethod,
}
