namespace WorkflowEngine.Cli;

/// <summary>What the process says to scripts.</summary>
internal static class ExitCode
{
    public const int Good = 0;

    /// <summary>The work was done and found mistakes or failures.</summary>
    public const int Mistakes = 1;

    /// <summary>The input cannot be used: a file that is absent, a port in use, an unknown name.</summary>
    public const int Unusable = 2;

    /// <summary>The server ended in good order and wants to be started again by its supervisor (<c>EX_TEMPFAIL</c>).</summary>
    public const int StartAgain = 75;
}
