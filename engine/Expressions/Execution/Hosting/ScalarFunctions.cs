using Jint.Native;
using WorkflowEngine.Expressions.Execution.Values;
using WorkflowEngine.Expressions.Library;

namespace WorkflowEngine.Expressions.Execution.Hosting;

/// <summary>The library's functions of plain values: what CLR code computes, with the null rules of the description around it.</summary>
internal static class ScalarFunctions
{
    private const int CharactersAlwaysFree = 256;

    public static IEnumerable<(string, HostFunction)> All { get; } =
    [
        .. LibraryFunctions.All.Select(f => (f.Key, Wrap(f.Key, f.Value))),
        ("table", (s, a) => Row(s, a, true)),
        ("table.find", (s, a) => Row(s, a, false)),
    ];

    private static HostFunction Wrap(string name, Func<object?[], object?> function)
    {
        var described = ExpressionLibrary.Functions[name];
        var accepts = described.Parameters.Select(p => p.Parsed.AcceptsNull || p.IsOptional).ToArray();
        return (sandbox, arguments) =>
        {
            var given = new object?[accepts.Length];
            for (var i = 0; i < given.Length; i++)
            {
                given[i] = sandbox.ToClr(arguments.At(i + 1));
                if (given[i] is null)
                {
                    if (described.PropagatesNull && described.Parameters[i].Parsed.AcceptsNull)
                    {
                        return JsValue.Null;
                    }

                    if (!accepts[i])
                    {
                        throw new ExpressionFault(EvaluationErrorKind.Null, $"{name} needs '{described.Parameters[i].Name}', but it is null.");
                    }
                }
            }

            var result = Call(name, function, given);
            if (result is string { Length: > CharactersAlwaysFree } text)
            {
                sandbox.Budget.Text(text.Length);
            }

            return sandbox.ToJs(result, 0);
        };
    }

    private static object? Call(string name, Func<object?[], object?> function, object?[] given)
    {
        try
        {
            return function(given);
        }
        catch (OverflowException)
        {
            throw ExpressionFault.Wrong($"The result of {name} is too large.");
        }
        catch (DivideByZeroException)
        {
            throw ExpressionFault.Wrong($"{name} divides by zero.");
        }
    }

    private static JsValue Row(Sandbox sandbox, JsValue[] arguments, bool required)
    {
        var tables = arguments.At(1);
        var name = arguments.At(2).Text("table");
        var key = arguments.At(3);
        var rows = tables is RecordValue record ? record.Get(JsString.Create(name), record) : JsValue.Null;
        if (rows is not ListValue list)
        {
            throw new ExpressionFault(EvaluationErrorKind.TableMissing, $"There is no table '{name}'.");
        }

        var wanted = key.IsAbsent() ? null : Arguments.Shown(key);
        var position = TableLookup.Find(list.List, wanted, sandbox.Budget.Step);
        if (position >= 0)
        {
            return list.At(position);
        }

        return required ? throw new ExpressionFault(EvaluationErrorKind.TableMissing, TableLookup.Missing(name, wanted, list.List)) : JsValue.Null;
    }
}
