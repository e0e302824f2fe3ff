namespace WorkflowEngine.Expressions.Types;

/// <summary>
/// The fields of an object. The instance is its identity: analysis reports every field read of a shape, whatever way the record took
/// through maps and lists, so a compiler that makes one shape per step learns exactly what is read of that step.
/// </summary>
public sealed class ObjectShape
{
    private readonly Lazy<IReadOnlyDictionary<string, ExprType>> fields;

    private readonly IReadOnlyList<ObjectShape>? origins;

    public ObjectShape(string? name, IReadOnlyDictionary<string, ExprType> fields, ExprType? others = null)
        : this(name, () => fields, others, null)
    {
    }

    /// <param name="name">What messages call it, as <c>servicetitan/job</c>.</param>
    /// <param name="fields">Asked once, when the first field is looked up: entities may refer to each other.</param>
    /// <param name="others">The type of a member that is not listed; null when such a member is a mistake.</param>
    public ObjectShape(string? name, Func<IReadOnlyDictionary<string, ExprType>> fields, ExprType? others = null)
        : this(name, fields, others, null)
    {
    }

    private ObjectShape(string? name, IReadOnlyDictionary<string, ExprType> fields, ExprType? others, IReadOnlyList<ObjectShape>? origins)
        : this(name, () => fields, others, origins)
    {
    }

    private ObjectShape(string? name, Func<IReadOnlyDictionary<string, ExprType>> fields, ExprType? others, IReadOnlyList<ObjectShape>? origins)
    {
        this.origins = origins;
        Name = name;
        Others = others;
        this.fields = new Lazy<IReadOnlyDictionary<string, ExprType>>(fields);
    }

    public string? Name { get; }

    public ExprType? Others { get; }

    public IReadOnlyDictionary<string, ExprType> Fields => fields.Value;

    /// <summary>The type of a member, or null when there is no such member.</summary>
    public ExprType? Find(string field) => Fields.TryGetValue(field, out var type) ? type : Others;

    /// <summary>The shapes this one was narrowed or joined from: reads are reported on each of them.</summary>
    public IReadOnlyList<ObjectShape> Origins => origins ?? [this];

    internal ObjectShape With(string field, ExprType type)
    {
        var changed = new Dictionary<string, ExprType>(Fields) { [field] = type };
        return new ObjectShape(Name, changed, Others, Origins);
    }

    internal static ObjectShape Join(ObjectShape a, ObjectShape b, Func<IReadOnlyDictionary<string, ExprType>> fields, ExprType? others) =>
        new(a.Name == b.Name ? a.Name : null, fields, others, [.. a.Origins.Union(b.Origins)]);
}
