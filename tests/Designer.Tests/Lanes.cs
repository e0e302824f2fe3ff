using WorkflowEngine.Designer.Tests;

[assembly: AssemblyFixture(typeof(DesignerStage))]

namespace WorkflowEngine.Designer.Tests;

/// <summary>
/// One world and one browser for all. Tests that change what the engine does, and wait until it rests, run one after the other; those that only look, or edit drafts under names of their own, run beside them.
/// </summary>
[CollectionDefinition(nameof(ChangingTheWorld))]
public sealed class ChangingTheWorld;
