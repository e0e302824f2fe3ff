using WorkflowEngine.Abstractions;
using WorkflowEngine.Hosting;

namespace WorkflowEngine.EndToEnd.Tests.Drift;

public sealed class SchemaDriftTests
{
    private static readonly FieldDescriptor Key = new() { Name = "Key__c", Type = new FieldType { Kind = FieldKind.Text, Length = 20 }, ExternalId = true, Unique = true, Creatable = true, Updatable = true, Filterable = true };
    private static readonly FieldDescriptor Stage = new() { Name = "Stage__c", Type = new FieldType { Kind = FieldKind.Choice, Choices = ["A", "B"], OpenChoices = false } };
    private static readonly FieldDescriptor Parent = new() { Name = "Parent__c", Type = FieldType.IdOf("Account") };
    private static readonly EntityDescriptor Before = new() { Name = "Thing__c", Fields = [Key, Stage, Parent] };

    [Fact]
    public void What_is_as_it_was_or_wider_is_not_told() =>
        Assert.Empty(SchemaDrift.Compare(Before, new EntityDescriptor
        {
            Name = "Thing__c",
            Fields = [Key with { Type = Key.Type with { Length = 40 } }, Stage with { Type = Stage.Type with { Choices = ["A", "B", "C"] } }, Parent, new FieldDescriptor { Name = "New__c", Type = FieldType.Of(FieldKind.Text) }],
        }));

    public static TheoryData<FieldDescriptor, SchemaChangeKind> Changes { get; } = new()
    {
        { Key with { Type = Key.Type with { Length = 10 } }, SchemaChangeKind.Shorter },
        { Key with { Type = FieldType.Of(FieldKind.Number) }, SchemaChangeKind.Type },
        { Key with { Unique = false }, SchemaChangeKind.Key },
        { Key with { ExternalId = false }, SchemaChangeKind.Key },
        { Key with { Updatable = false }, SchemaChangeKind.Writable },
        { Key with { Filterable = false }, SchemaChangeKind.Filterable },
        { Key with { RequiredOnCreate = true }, SchemaChangeKind.Required },
        { Stage with { Type = Stage.Type with { Choices = ["A"] } }, SchemaChangeKind.Choices },
        { Parent with { Type = FieldType.IdOf("Contact") }, SchemaChangeKind.Type },
    };

    [Theory]
    [MemberData(nameof(Changes), DisableDiscoveryEnumeration = true)]
    public void What_became_narrower_is_told_with_its_field(FieldDescriptor now, SchemaChangeKind kind)
    {
        var change = Assert.Single(SchemaDrift.Compare(Before, Before with { Fields = [.. Before.Fields.Select(f => f.Name == now.Name ? now : f)] }));
        Assert.Equal((now.Name, kind), (change.Field, change.Kind));
    }

    [Fact]
    public void A_field_that_went_is_told_only_to_those_who_use_it_a_required_one_to_everybody()
    {
        var now = Before with { Fields = [Key, Parent, new FieldDescriptor { Name = "Must__c", Type = FieldType.Of(FieldKind.Text), RequiredOnCreate = true }] };
        Assert.Equal([("Stage__c", SchemaChangeKind.Gone), ("Must__c", SchemaChangeKind.Required)], SchemaDrift.Compare(Before, now).Select(c => (c.Field, c.Kind)));
        Assert.Equal(["Must__c"], SchemaDrift.Compare(Before, now, new HashSet<string> { "Key__c" }).Select(c => c.Field));
    }
}
