using WorkflowEngine.Runtime;

namespace WorkflowEngine.Testing;

/// <summary>One process of a harness.</summary>
public sealed record HarnessNode(FakeProcess Process, GroupCommitWriter Writer, EngineRuntime Runtime, FakeConnection Source, FakeConnection Target);
