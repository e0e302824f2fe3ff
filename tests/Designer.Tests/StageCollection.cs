namespace WorkflowEngine.Designer.Tests;

/// <summary>One world and one browser for all: the tests run one after the other.</summary>
[CollectionDefinition(nameof(DesignerStage))]
public sealed class StageCollection : ICollectionFixture<DesignerStage>;
