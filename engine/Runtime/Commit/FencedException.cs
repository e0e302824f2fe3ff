namespace WorkflowEngine.Runtime;

/// <summary>This node does not own the lane any more: nothing was changed, and what it knew of the run is void. The lane's owner goes on behind the last checkpoint.</summary>
public sealed class FencedException() : Exception("Another node owns the lane now; nothing was changed.");
