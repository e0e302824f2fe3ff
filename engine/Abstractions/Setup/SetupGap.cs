namespace WorkflowEngine.Abstractions;

/// <summary>Something a template needs and the org does not offer to the running user.</summary>
/// <param name="Entity">The object.</param>
/// <param name="Field">The field as it is needed; null when the whole object is missing.</param>
/// <param name="Kind">What is the matter.</param>
/// <param name="Message">The same for people, with what to do.</param>
public sealed record SetupGap(string Entity, FieldDescriptor? Field, SetupGapKind Kind, string Message)
{
    /// <summary>True when <see cref="IOrgSetup.CreateAsync"/> can close it: a missing custom field.</summary>
    public bool CanCreate { get; init; }
}
