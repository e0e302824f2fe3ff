using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Salesforce;

/// <summary>A list of a record's children, as the parent calls it.</summary>
/// <param name="Name">The relationship's name: <c>Contacts</c>.</param>
/// <param name="Entity">The child's object: <c>Contact</c>.</param>
/// <param name="Reference">The child's field that points at the parent: <c>AccountId</c>.</param>
/// <param name="Fields">The child's fields.</param>
internal sealed record ChildList(string Name, string Entity, string Reference, IReadOnlyList<FieldDescriptor> Fields);
