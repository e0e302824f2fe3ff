namespace WorkflowEngine.EndToEnd.Tests.Volume;

/// <summary>Tests that measure this process run when no other test does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
