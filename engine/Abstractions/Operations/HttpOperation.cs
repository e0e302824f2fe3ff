namespace WorkflowEngine.Abstractions;

/// <summary>How the activity <c>http</c> is asked of a connection: the operation is named after the method (<c>GET</c>, <c>POST</c>, …), its values are these.</summary>
public static class HttpOperation
{
    /// <summary>The methods there are.</summary>
    public static IReadOnlyList<string> Methods { get; } = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    /// <summary>The path below the connection's address; text.</summary>
    public const string Path = "path";

    /// <summary>Before the name of a parameter of the query string.</summary>
    public const string Parameter = "parameters.";

    /// <summary>Before the name of a header.</summary>
    public const string Header = "headers.";

    /// <summary>Before the name of the header by which the server knows a repeat.</summary>
    public const string Once = "once.";

    /// <summary>The body, of the call and of the answer: any value.</summary>
    public const string Body = "body";

    /// <summary>The HTTP status of the answer; whole number.</summary>
    public const string Status = "status";
}
