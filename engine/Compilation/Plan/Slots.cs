namespace WorkflowEngine.Compilation.Plan;

/// <summary>The slots every run has; outputs of steps and loop variables follow.</summary>
public static class Slots
{
    public const int Input = 0;
    public const int Params = 1;
    public const int Tables = 2;
    public const int Run = 3;
    public const int Trigger = 4;
    public const int Error = 5;
    public const int Found = 6;
    public const int First = 7;
}
