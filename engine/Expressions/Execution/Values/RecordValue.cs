using Jint.Native;
using Jint.Native.Object;
using JsTypes = Jint.Runtime.Types;
using Jint.Runtime.Descriptors;

namespace WorkflowEngine.Expressions.Execution.Values;

/// <summary>A record of the input, read where it stands: a missing member is null, nothing can be changed.</summary>
internal sealed class RecordValue : ObjectInstance
{
    private const int RememberedMembers = 16;

    private readonly Sandbox sandbox;
    private readonly int depth;
    private List<(string Name, JsValue Value)>? nested;

    public RecordValue(Sandbox sandbox, IReadOnlyDictionary<string, object?> record, int depth)
        : base(sandbox.Engine)
    {
        this.sandbox = sandbox;
        this.depth = depth;
        Record = record;
        // A read has one outcome, whoever asks: the engine may take its short way and make no descriptor.
        SetPropertyAccessSemantics(PropertyAccessSemantics.Ordinary);
    }

    public IReadOnlyDictionary<string, object?> Record { get; }

    public override JsValue Get(JsValue property, JsValue receiver)
    {
        if (property is not JsString)
        {
            return Null;
        }

        var name = property.ToString();
        if (nested is not null)
        {
            foreach (var (known, made) in nested)
            {
                if (known == name)
                {
                    return made;
                }
            }
        }

        if (!Record.TryGetValue(name, out var value) || value is null)
        {
            return Null;
        }

        var converted = sandbox.ToJs(value, depth + 1);
        if (converted is RecordValue or ListValue && (nested is null || nested.Count < RememberedMembers))
        {
            (nested ??= new(1)).Add((name, converted));
        }

        return converted;
    }

    /// <summary>Nothing is inherited: what is not there is null here.</summary>
    protected override bool TryGetOwnPropertyValue(JsValue property, JsValue receiver, out JsValue value)
    {
        value = Get(property, receiver);
        return true;
    }

    public override PropertyDescriptor GetOwnProperty(JsValue property) =>
        property is JsString && Record.ContainsKey(property.ToString())
            ? new PropertyDescriptor(Get(property, this), writable: false, enumerable: true, configurable: false)
            : PropertyDescriptor.Undefined;

    public override bool HasProperty(JsValue property) => property is JsString && Record.ContainsKey(property.ToString());

    public override List<JsValue> GetOwnPropertyKeys(JsTypes types)
    {
        var keys = new List<JsValue>(Record.Count);
        if (types.HasFlag(JsTypes.String))
        {
            foreach (var key in Record.Keys)
            {
                keys.Add(JsString.Create(key));
            }
        }

        sandbox.Budget.Step(keys.Count);
        return keys;
    }

    public override IEnumerable<KeyValuePair<JsValue, PropertyDescriptor>> GetOwnProperties()
    {
        foreach (var key in GetOwnPropertyKeys(JsTypes.String))
        {
            yield return new(key, GetOwnProperty(key));
        }
    }

    public override bool Set(JsValue property, JsValue value, JsValue receiver) => false;

    public override bool DefineOwnProperty(JsValue property, PropertyDescriptor desc) => false;

    public override bool Delete(JsValue property) => false;

    public override bool PreventExtensions() => true;

    public override object ToObject() => Record;
}
