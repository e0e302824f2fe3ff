using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>Vendors repeat in their words what they were sent: values that are not to be shown are taken out before anything keeps the words.</summary>
public static class HiddenValues
{
    /// <summary>What stands in a value's place.</summary>
    public const string Shown = "•••";

    /// <summary>Shorter texts may stand in any sentence by chance.</summary>
    public const int Shortest = 4;

    /// <summary>Whether the value a write gives a field must not be shown: the field is sensitive, or the value comes from one that is.</summary>
    public static bool Hides(WriteInstruction write, string field) => Notes.IsHidden(write, field) || write.Entity.Field(field)?.Sensitive == true;

    internal static OperationError Without(OperationError error, WriteInstruction write, PendingIntent intent)
    {
        var message = error.Message;
        foreach (var (path, value) in intent.Fields)
        {
            if (value is not null && Notes.IsHidden(write, path)) message = Without(message, value);
        }

        if (intent is { KeyField: { } key, Key: { } named } && Notes.IsHidden(write, key)) message = Without(message, named);
        return ReferenceEquals(message, error.Message) ? error : error with { Message = message };
    }

    private static string Without(string message, object value)
    {
        var text = FieldValues.AsText(value is ParentReference parent ? parent.Value : value);
        return text is { Length: >= Shortest } && message.Contains(text, StringComparison.OrdinalIgnoreCase) ? message.Replace(text, Shown, StringComparison.OrdinalIgnoreCase) : message;
    }
}
