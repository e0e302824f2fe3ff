namespace WorkflowEngine.Expressions.Analysis;

/// <summary>The codes of this room's problems. Stable: documents and editors refer to them.</summary>
public static class ProblemCodes
{
    public const string Syntax = "WF3001";
    public const string TooLarge = "WF3002";
    public const string NotInLanguage = "WF3003";
    public const string UnknownName = "WF3004";
    public const string NotAvailableHere = "WF3005";
    public const string UnknownProperty = "WF3006";
    public const string MayBeNull = "WF3007";
    public const string OpaqueOperator = "WF3008";
    public const string WrongType = "WF3009";
    public const string NotACondition = "WF3010";
    public const string NeverEqual = "WF3011";
    public const string UnknownFunction = "WF3012";
    public const string WrongArguments = "WF3013";
    public const string NullInTemplate = "WF3014";
    public const string UnexpectedResult = "WF3015";
    public const string MarkerNotHere = "WF3016";
    public const string UnknownTable = "WF3017";
}
