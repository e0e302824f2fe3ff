using System.Globalization;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime.Descriptors;

namespace WorkflowEngine.Expressions.Execution.Values;

/// <summary>
/// An exact number, a day, an instant or a duration: no operator works on it, so nothing is ever rounded or compared as text silently.
/// As text it shows itself; anything else throws and names the function to use.
/// </summary>
internal sealed class OpaqueValue : ObjectInstance
{
    private readonly Sandbox sandbox;

    public OpaqueValue(Sandbox sandbox, object value)
        : base(sandbox.Engine)
    {
        this.sandbox = sandbox;
        Value = value;
    }

    /// <summary>A decimal, DateOnly, DateTimeOffset, TimeSpan or field marker.</summary>
    public object Value { get; }

    public string Text => TextOf(Value);

    public static string TextOf(object value) => value switch
    {
        decimal d => d.ToString(CultureInfo.InvariantCulture),
        DateOnly d => d.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTimeOffset i => i.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        TimeSpan t => System.Xml.XmlConvert.ToString(t),
        _ => value.ToString() ?? "",
    };

    public static string Complaint(object value) => value switch
    {
        decimal => "A decimal is exact: use money.add, money.subtract, money.multiply, money.divide or money.compare instead of an operator.",
        DateOnly or DateTimeOffset => "A date or instant knows no operators: use date.before, date.after, date.same or date.add.",
        TimeSpan => "A duration knows no operators: give it to date.add.",
        _ => $"'{value}' is not a value to calculate with.",
    };

    public override JsValue Get(JsValue property, JsValue receiver) =>
        ReferenceEquals(property, sandbox.ToPrimitiveSymbol) || property.Equals(sandbox.ToPrimitiveSymbol) ? sandbox.ToPrimitive : Null;

    public override PropertyDescriptor GetOwnProperty(JsValue property) => PropertyDescriptor.Undefined;

    public override bool HasProperty(JsValue property) => false;

    public override bool Set(JsValue property, JsValue value, JsValue receiver) => false;

    public override bool DefineOwnProperty(JsValue property, PropertyDescriptor desc) => false;

    public override bool Delete(JsValue property) => false;

    public override bool PreventExtensions() => true;

    public override object ToObject() => Value;
}
