using Jint.Native;
using Jint.Runtime.Interop;
using WorkflowEngine.Expressions.Execution.Values;

namespace WorkflowEngine.Expressions.Execution.Hosting;

/// <summary>A function of ours as the script calls it: the first argument is the site.</summary>
internal delegate JsValue HostFunction(Sandbox sandbox, JsValue[] arguments);

/// <summary>Closes a fresh engine: empties and freezes what it came with, then puts our functions in.</summary>
internal static class Lockdown
{
    /// <summary>
    /// Globals go first, so the heavy ones (Intl, Temporal) are never made. Then everything that syntax alone can reach - the prototypes of
    /// literals, functions, generators, promises, errors - loses its members and is frozen.
    /// </summary>
    private const string Script = """
        (function () {
          const ownKeys = Reflect.ownKeys, freeze = Object.freeze, protoOf = Object.getPrototypeOf;
          const describe = Object.getOwnPropertyDescriptor, drop = Reflect.deleteProperty, S = Set, P = Promise;
          const errors = [Error, TypeError, RangeError, ReferenceError, SyntaxError, EvalError, URIError];
          const global = globalThis;
          for (const key of ownKeys(global)) drop(global, key);
          const seen = new S(), all = [];
          function walk(o) {
            if (o === null || (typeof o !== 'object' && typeof o !== 'function') || seen.has(o)) return;
            seen.add(o); all.push(o);
            walk(protoOf(o));
            for (const key of ownKeys(o)) {
              const d = describe(o, key);
              if ('value' in d) walk(d.value); else { walk(d.get); walk(d.set); }
            }
          }
          for (const o of [{}, [], '', 0, true, 1n, /x/, function () {}, () => 0, function* () {}, async function () {}, async function* () {},
            (function* () {})(), [].values(), ''[Object_iterator()](), 'x'.matchAll(/x/g), new S().values(), P, (async () => 0)(), ...errors])
            walk(typeof o === 'object' || typeof o === 'function' ? o : protoOf(o));
          function Object_iterator() { return ownKeys(protoOf('')).find(k => typeof k === 'symbol'); }
          for (let i = 0; i < all.length; i++) { const keys = ownKeys(all[i]); for (let j = 0; j < keys.length; j++) drop(all[i], keys[j]); }
          for (let i = 0; i < all.length; i++) freeze(all[i]);
        })();
        """;

    /// <returns>Our functions; a script is given them as its <c>$</c>.</returns>
    public static JsObject Apply(Sandbox sandbox)
    {
        var engine = sandbox.Engine;
        engine.Execute(Script);
        var functions = new JsObject(engine);
        Put(functions, "keep", sandbox.Keep);
        Put(functions, "clear", sandbox.Clear);
        Put(functions, ScriptWriter.HostName("money.zero"), new OpaqueValue(sandbox, 0m));
        foreach (var (name, function) in CoreFunctions.All.Concat(ListFunctions.Methods).Concat(TextMethods.All))
        {
            Put(functions, name, Wrap(sandbox, name, function));
        }

        foreach (var (name, function) in ListFunctions.Library.Concat(ScalarFunctions.All))
        {
            Put(functions, ScriptWriter.HostName(name), Wrap(sandbox, name, function));
        }

        engine.Global.PreventExtensions();
        functions.PreventExtensions();
        return functions;
    }

    private static ClrFunction Wrap(Sandbox sandbox, string name, HostFunction function)
    {
        var wrapped = new ClrFunction(sandbox.Engine, name, (_, arguments) =>
        {
            if (arguments.Length > 0 && arguments[0] is JsNumber site)
            {
                sandbox.Site = (int)Jint.Runtime.TypeConverter.ToNumber(site);
            }

            sandbox.Budget.Step(1);
            return function(sandbox, arguments);
        });
        wrapped.PreventExtensions();
        return wrapped;
    }

    private static void Put(JsObject functions, string name, JsValue value) =>
        functions.FastSetProperty(name, new Jint.Runtime.Descriptors.PropertyDescriptor(value, false, false, false));
}
