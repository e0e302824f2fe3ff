namespace WorkflowEngine.Connectors.Http;

/// <summary>Where a field lives on the wire when that is not its own name.</summary>
/// <param name="Name">The property's name.</param>
/// <param name="KeyProperty">For a list of named values read as one object: the property that holds the name (<c>name</c>, <c>key</c>); null = the value itself.</param>
/// <param name="ValueProperty">The property that holds the value.</param>
public sealed record WireField(string Name, string? KeyProperty = null, string? ValueProperty = null);
