using System.Globalization;
using Jint;
using Jint.Native;
using Jint.Runtime;
using WorkflowEngine.Expressions.Execution.Hosting;
using WorkflowEngine.Expressions.Execution.Values;

namespace WorkflowEngine.Expressions.Execution;

/// <summary>
/// One engine, closed: every global and every member of every built-in that syntax can reach is gone, the rest is frozen, and our own charged
/// functions stand in their place. Used by one thread at a time and for ever: nothing a run does stays behind.
/// </summary>
internal sealed class Sandbox
{
    private const long LargestInteger = 9_007_199_254_740_992;

    private string? operatorTrace;
    private int depth;

    public Sandbox(ExpressionLimits limits, TimeProvider time, int slot)
    {
        Slot = slot;
        Budget = new Budget(limits, time);
        Engine = new Engine(options =>
        {
            // Its own count of recursion costs more than a call. A written script can only call back through functions of ours, which count
            // (CallBack); whatever else would recurse is stopped by the stack probe at every function's entry, and by its steps.
            options.Strict().DisableStringCompilation().MaxArraySize(100_000).Constraint(Budget);
            options.RegexTimeoutInterval(TimeSpan.FromMilliseconds(100));
            options.Culture(CultureInfo.InvariantCulture).LocalTimeZone(TimeZoneInfo.Utc);
            options.Interop.Enabled = false;
        });
        ToPrimitiveSymbol = Engine.Evaluate("Symbol.toPrimitive");
        ToPrimitive = new Jint.Runtime.Interop.ClrFunction(Engine, "toPrimitive", Primitive);
        Keep = new OpaqueValue(this, FieldMarker.Keep);
        Clear = new OpaqueValue(this, FieldMarker.Clear);
        Functions = Lockdown.Apply(this);
    }

    public Engine Engine { get; }

    public Budget Budget { get; }

    /// <summary>Its place among the engines: mappings keep their function per place.</summary>
    public int Slot { get; }

    /// <summary>Our functions, as every script is given them.</summary>
    public JsObject Functions { get; }

    /// <summary>The mapping whose function is being made.</summary>
    public PreparedMapping? Binding { get; private set; }

    /// <summary>The site of the last charged call: where a failure that knows no place has happened.</summary>
    public int Site { get; set; }

    public JsValue ToPrimitiveSymbol { get; }

    public JsValue ToPrimitive { get; }

    public OpaqueValue Keep { get; }

    public OpaqueValue Clear { get; }

    public EvaluationResult Run(PreparedMapping mapping, ReadOnlySpan<object?> arguments, int charactersBuilt)
    {
        Site = -1;
        operatorTrace = null;
        depth = 0;
        Budget.Begin(charactersBuilt);
        try
        {
            var function = mapping.BoundIn(Slot, this) ?? Bind(mapping);
            var slots = mapping.Slots;
            var given = slots.Length == 0 ? [] : new JsValue[slots.Length];
            for (var i = 0; i < slots.Length; i++)
            {
                given[i] = slots[i] < arguments.Length ? ToJs(arguments[slots[i]], 0) : JsValue.Null;
            }

            return Results((JsArray)function.Call(JsValue.Undefined, given), mapping);
        }
        catch (ExpressionFault fault)
        {
            var (expression, offset) = mapping.Map.OfSite(Site);
            return Failed(fault.Kind, fault.Message, mapping, expression, offset);
        }
        catch (JavaScriptException e)
        {
            return Thrown(e, mapping);
        }
        catch (Exception e) when (e is JintException or InsufficientExecutionStackException or RecursionDepthOverflowException)
        {
            var (expression, offset) = mapping.Map.OfSite(Site);
            var limit = e is not ScriptPreparationException;
            return Failed(limit ? EvaluationErrorKind.Limit : EvaluationErrorKind.Invalid, limit ? "The expression calls itself too deeply or does more than it may." : "The expression cannot be prepared.", mapping, expression, offset);
        }
        finally
        {
            Budget.End();
        }
    }

    /// <summary>A callback, from a function of ours: the only way in which a mapping can be inside itself.</summary>
    public JsValue CallBack(JsValue function, JsValue item, int position)
    {
        if (++depth > Budget.Limits.Recursion)
        {
            throw ExpressionFault.Limit($"The expression calls itself more than {Budget.Limits.Recursion} levels deep.");
        }

        var result = function.Call(item, JsNumber.Create(position));
        depth--;
        return result;
    }

    private JsValue Bind(PreparedMapping mapping)
    {
        Binding = mapping;
        try
        {
            var function = Engine.Evaluate(mapping.Script).Call(Functions);
            mapping.Bind(Slot, this, function);
            return function;
        }
        finally
        {
            Binding = null;
        }
    }

    private EvaluationResult Results(JsArray results, PreparedMapping mapping)
    {
        var values = new object?[results.Length];
        var room = Budget.Limits.ResultItems;
        for (var i = 0; i < values.Length; i++)
        {
            try
            {
                values[i] = ToClr(results[i], 0, ref room);
            }
            catch (ExpressionFault fault)
            {
                return Failed(fault.Kind, fault.Message, mapping, i, 0);
            }
        }

        return new EvaluationResult(values);
    }

    private static EvaluationResult Failed(EvaluationErrorKind kind, string message, PreparedMapping mapping, int expression, int offset) =>
        new(new EvaluationError(kind, message, expression < 0 && mapping.Sources.Count == 1 ? 0 : expression, offset));

    private EvaluationResult Thrown(JavaScriptException e, PreparedMapping mapping)
    {
        var (expression, offset) = mapping.Map.OfScript(Column(e));
        var ofNull = e.Message.Contains("of null", StringComparison.Ordinal) || e.Message.Contains("of undefined", StringComparison.Ordinal)
            || e.Message.Contains("is null", StringComparison.Ordinal) || e.Message.Contains("is undefined", StringComparison.Ordinal);
        return Failed(ofNull ? EvaluationErrorKind.Null : EvaluationErrorKind.Runtime, e.Message, mapping, expression, offset);
    }

    /// <summary>
    /// The place in the body, which is the second line of the script. What one of our functions throws inside an operator is located at its
    /// statement only; the stack at that moment is closer (the error's own is gone with its prototype).
    /// </summary>
    private int Column(JavaScriptException e)
    {
        if (operatorTrace is not { } trace)
        {
            return e.Location.Start.Line == 2 ? e.Location.Start.Column : -1;
        }

        const string frame = PreparedMapping.ScriptName + ":2:";
        var at = trace.IndexOf(frame, StringComparison.Ordinal);
        var digits = at < 0 ? "" : string.Concat(trace[(at + frame.Length)..].TakeWhile(char.IsAsciiDigit));
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var column) ? column - 1 : -1;
    }

    public JsValue ToJs(object? value, int depth)
    {
        switch (value)
        {
            case null:
                return JsValue.Null;
            case string s:
                return JsString.Create(s);
            case bool b:
                return b ? JsBoolean.True : JsBoolean.False;
            case long l:
                return l is >= -LargestInteger and <= LargestInteger ? JsNumber.Create(l) : JsString.Create(l.ToString(CultureInfo.InvariantCulture));
            case int i:
                return JsNumber.Create(i);
            case double d:
                return JsNumber.Create(d);
            case decimal or DateOnly or DateTimeOffset or TimeSpan:
                return new OpaqueValue(this, value);
            case FieldMarker marker:
                return marker == FieldMarker.Keep ? Keep : Clear;
            case IReadOnlyDictionary<string, object?> record:
                return new RecordValue(this, record, Deeper(depth));
            case IReadOnlyList<object?> list:
                return new ListValue(this, list, Deeper(depth));
            default:
                throw new ArgumentException($"A value of type {value.GetType()} is not of the engine's closed set.", nameof(value));
        }
    }

    private int Deeper(int depth) => depth < Budget.Limits.Depth ? depth : throw ExpressionFault.Limit($"The input is nested more than {Budget.Limits.Depth} levels deep.");

    public object? ToClr(JsValue value)
    {
        var room = Budget.Limits.ResultItems;
        return ToClr(value, 0, ref room);
    }

    private object? ToClr(JsValue value, int depth, ref int room)
    {
        switch (value)
        {
            case null:
                return null;
            case JsString s:
                Budget.Text(s.Length);
                return s.ToString();
            case JsNumber n:
                return Number(TypeConverter.ToNumber(n));
            case JsBoolean b:
                return ReferenceEquals(b, JsBoolean.True) || TypeConverter.ToBoolean(b);
            case OpaqueValue o:
                return o.Value;
            case RecordValue r:
                return r.Record;
            case ListValue l:
                return l.List;
            case JsArray array:
                return Array(array, depth, ref room);
            case JsObject o:
                return Object(o, depth, ref room);
            default:
                return value.IsNull() || value.IsUndefined() ? null : throw ExpressionFault.Wrong("A function is not a value.");
        }
    }

    private static object Number(double d)
    {
        if (!double.IsFinite(d))
        {
            throw ExpressionFault.Wrong("The result is not a number: something was divided by zero or is too large.");
        }

        return d == Math.Floor(d) && Math.Abs(d) <= LargestInteger ? (object)(long)d : d;
    }

    private object?[] Array(JsArray array, int depth, ref int room)
    {
        var count = (int)Math.Min(array.Length, int.MaxValue);
        Enter(depth, count, ref room);
        var items = new object?[count];
        for (var i = 0; i < count; i++)
        {
            items[i] = ToClr(array[i], depth + 1, ref room);
        }

        return items;
    }

    private Dictionary<string, object?> Object(JsObject o, int depth, ref int room)
    {
        var fields = new Dictionary<string, object?>();
        foreach (var (key, property) in o.GetOwnProperties())
        {
            Enter(depth, 1, ref room);
            if (key is JsString && property.Enumerable)
            {
                fields[key.ToString()] = ToClr(property.Value, depth + 1, ref room);
            }
        }

        return fields;
    }

    private void Enter(int depth, int count, ref int room)
    {
        if (depth >= Budget.Limits.Depth)
        {
            throw ExpressionFault.Limit($"The result is nested more than {Budget.Limits.Depth} levels deep.");
        }

        room -= count;
        if (room < 0)
        {
            throw ExpressionFault.Limit($"The result has more than {Budget.Limits.ResultItems:N0} items.");
        }

        Budget.Step(count);
    }

    private JsValue Primitive(JsValue self, JsValue[] arguments)
    {
        if (self is not OpaqueValue opaque)
        {
            return JsValue.Undefined;
        }

        if (arguments.Length > 0 && arguments[0].ToString() == "string")
        {
            return JsString.Create(opaque.Text);
        }

        operatorTrace = Engine.Advanced.StackTrace;
        throw new JavaScriptException(Engine.Intrinsics.TypeError, OpaqueValue.Complaint(opaque.Value));
    }
}
