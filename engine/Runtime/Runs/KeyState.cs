namespace WorkflowEngine.Runtime;

/// <summary>What is remembered of a key between runs.</summary>
public sealed record KeyState
{
    /// <summary>High-water version last applied, per entity and record as <c>entity/record</c>; below it a recorded payload is old news.</summary>
    public IReadOnlyDictionary<string, string> HighWater { get; init; } = new Dictionary<string, string>();

    /// <summary>Short hashes of the fields the flow read in the last completed run, and of what our latest effect wrote: the echo memory. By <c>entity/record/path</c>.</summary>
    public IReadOnlyDictionary<string, string> Memory { get; init; } = new Dictionary<string, string>();

    /// <summary>Hash of flow version, parameters and tables the memory belongs to.</summary>
    public string? MemoryOf { get; init; }

    /// <summary>The trigger's sticky filter passed once.</summary>
    public bool Sticky { get; init; }

    /// <summary><c>becomes</c>: whether a record (<c>entity/record</c>) satisfied the condition when last seen; several records may share a key.</summary>
    public IReadOnlyDictionary<string, bool> Became { get; init; } = new Dictionary<string, bool>();
}
