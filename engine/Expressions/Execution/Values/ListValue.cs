using Jint.Native;
using Jint.Native.Object;
using JsTypes = Jint.Runtime.Types;
using Jint.Runtime.Descriptors;

namespace WorkflowEngine.Expressions.Execution.Values;

/// <summary>A list of the input, read where it stands.</summary>
internal sealed class ListValue : ObjectInstance
{
    private readonly Sandbox sandbox;
    private JsValue?[]? converted;

    public ListValue(Sandbox sandbox, IReadOnlyList<object?> list, int depth)
        : base(sandbox.Engine)
    {
        this.sandbox = sandbox;
        Depth = depth;
        List = list;
    }

    public IReadOnlyList<object?> List { get; }

    public int Depth { get; }

    public JsValue At(int position)
    {
        if (position < 0 || position >= List.Count)
        {
            return Null;
        }

        if (converted is null)
        {
            sandbox.Budget.Step(List.Count / 16);
            converted = new JsValue?[List.Count];
        }

        return converted[position] ??= sandbox.ToJs(List[position], Depth + 1);
    }

    public override JsValue Get(JsValue property, JsValue receiver) => property switch
    {
        JsNumber number => Jint.Runtime.TypeConverter.ToNumber(number) is var at && at >= 0 && at < List.Count && at == Math.Floor(at) ? At((int)at) : Null,
        JsString text => Named(text.ToString()),
        _ => Null,
    };

    private JsValue Named(string name) =>
        name == "length" ? JsNumber.Create(List.Count)
        : int.TryParse(name, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var at) ? At(at)
        : Null;

    public override PropertyDescriptor GetOwnProperty(JsValue property) =>
        Get(property, this) is var value && value != Null
            ? new PropertyDescriptor(value, writable: false, enumerable: true, configurable: false)
            : PropertyDescriptor.Undefined;

    public override bool HasProperty(JsValue property) => Get(property, this) != Null;

    public override List<JsValue> GetOwnPropertyKeys(JsTypes types) => [];

    public override bool Set(JsValue property, JsValue value, JsValue receiver) => false;

    public override bool DefineOwnProperty(JsValue property, PropertyDescriptor desc) => false;

    public override bool Delete(JsValue property) => false;

    public override bool PreventExtensions() => true;

    public override object ToObject() => List;
}
