using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime.Descriptors;

namespace WorkflowEngine.Expressions.Execution.Values;

/// <summary>A callback that is answered without the engine where it can be; only functions of ours are ever given it.</summary>
internal sealed class RecordCallback : ObjectInstance
{
    private readonly Direct native;
    private readonly int deepest;

    public RecordCallback(Sandbox sandbox, Direct native, JsValue scripted)
        : base(sandbox.Engine)
    {
        this.native = native;
        Scripted = scripted;
        deepest = sandbox.Budget.Limits.Depth / 2;
    }

    public JsValue Scripted { get; }

    /// <summary>The value for the item of a list, or that the engine must say.</summary>
    public object? Evaluate(ListValue list, int position)
    {
        var item = list.List[position];
        return list.Depth < deepest && item is IReadOnlyDictionary<string, object?> ? native(new ReadOnlySpan<object?>(in item)) : DirectExpression.Undecided;
    }

    public override JsValue Get(JsValue property, JsValue receiver) => Null;

    public override PropertyDescriptor GetOwnProperty(JsValue property) => PropertyDescriptor.Undefined;

    public override bool HasProperty(JsValue property) => false;

    public override bool Set(JsValue property, JsValue value, JsValue receiver) => false;

    public override bool DefineOwnProperty(JsValue property, PropertyDescriptor desc) => false;

    public override bool Delete(JsValue property) => false;

    public override bool PreventExtensions() => true;
}
