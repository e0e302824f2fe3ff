namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>A postal address as ServiceTitan writes it.</summary>
public sealed record Address(
    string Street, string? Unit, string City, string State, string Zip, string Country, double? Latitude = null, double? Longitude = null)
{
    public static Address None { get; } = new("", null, "", "", "", "USA");
}
