namespace WorkflowEngine.FlowTesting;

/// <summary>The process that asked is dead: nothing it does reaches the disk.</summary>
internal sealed class DeadProcessException() : IOException("The process of the test is dead.");
