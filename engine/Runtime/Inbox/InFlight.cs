namespace WorkflowEngine.Runtime;

/// <summary>What of a deployment is being run now. Its rows are still ready in the store until they are settled.</summary>
/// <param name="Keys">Keys no other event may be claimed of.</param>
/// <param name="Events">The events themselves: a reader passes them by without looking at them.</param>
public sealed record InFlight(IReadOnlySet<string> Keys, IReadOnlySet<long> Events)
{
    public static InFlight None { get; } = new(new HashSet<string>(), new HashSet<long>());
}
