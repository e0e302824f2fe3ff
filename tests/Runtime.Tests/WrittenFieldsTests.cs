using WorkflowEngine.Testing;

namespace WorkflowEngine.Runtime.Tests;

/// <summary>Runs of one step share the list of the fields they wrote.</summary>
public sealed class WrittenFieldsTests
{
    [Fact]
    public void Equal_fields_are_one_list_and_others_are_told_as_they_are()
    {
        var step = new PlanBuilder("shared").Step("save", "upsert");
        var first = WrittenFields.Of(step, Fields("Name", "Phone"));

        Assert.Same(first, WrittenFields.Of(step, Fields("Name", "Phone")));
        Assert.Equal(["Name"], WrittenFields.Of(step, Fields("Name")));
        Assert.Equal(["Phone", "Name"], WrittenFields.Of(step, Fields("Phone", "Name")));
        Assert.Equal(["Name", "Phone"], first);
    }

    private static Dictionary<string, object?> Fields(params string[] names) => names.ToDictionary(name => name, object? (_) => "value");
}
