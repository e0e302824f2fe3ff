using Acornima.Ast;
using Jint;
using Jint.Native;
using WorkflowEngine.Expressions.Analysis;

namespace WorkflowEngine.Expressions.Execution;

/// <summary>
/// Several expressions as one prepared function. Immutable, shared by all threads and engines; made by <see cref="MappingCompiler"/>.
/// </summary>
public sealed class PreparedMapping
{
    internal const string ScriptName = "mapping";

    private readonly Lazy<Prepared<Script>> script;
    private volatile (object Owner, JsValue Function)?[] bound = [];

    internal PreparedMapping(IReadOnlyList<string> sources, IReadOnlyList<string> names, int[] slots, string text, SourceMap map)
    {
        Sources = sources;
        Names = names;
        Slots = slots;
        Text = text;
        Map = map;
        // Checking many flows must not pay for scripts that never run.
        script = new Lazy<Prepared<Script>>(() => Engine.PrepareScript(text, ScriptName, true));
    }

    internal PreparedMapping(IReadOnlyList<string> sources, IReadOnlyList<string> names, int index, ExpressionProblem problem)
        : this(sources, names, [], "", new SourceMap())
    {
        Problem = problem;
        ProblemIndex = index;
    }

    public IReadOnlyList<string> Sources { get; }

    /// <summary>The names whose values <see cref="ExpressionEngine.Invoke"/> is given, in order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The names that the expressions really use: other arguments may be null.</summary>
    public IEnumerable<string> UsedNames => Slots.Select(s => Names[s]);

    /// <summary>Why it cannot run; invoking it then gives an error value.</summary>
    public ExpressionProblem? Problem { get; }

    public int ProblemIndex { get; }

    internal int[] Slots { get; }

    /// <summary>The written script.</summary>
    internal string Text { get; }

    internal SourceMap Map { get; }

    /// <summary>Callbacks that are answered without the engine.</summary>
    internal IReadOnlyList<Direct> Natives { get; init; } = [];

    /// <summary>By expression, what is answered without the engine; empty when nothing is.</summary>
    internal Direct?[] Directs { get; init; } = [];

    /// <summary>The expressions that the engine always answers, as a mapping of their own; null when there are none.</summary>
    internal PreparedMapping? Rest { get; init; }

    /// <summary>Which expressions those are.</summary>
    internal int[] RestPositions { get; init; } = [];

    /// <summary>Given as text to the engine as it is, past every check: only tests do that.</summary>
    internal bool IsUnchecked { get; init; }

    /// <summary>It did not come back once: from then on its callers do not lend their threads.</summary>
    internal bool IsSuspect { get; set; }

    internal Prepared<Script> Script => script.Value;

    /// <summary>The function in one engine; made once per engine.</summary>
    internal JsValue? BoundIn(int slot, object owner)
    {
        var all = bound;
        return slot < all.Length && all[slot] is { } b && ReferenceEquals(b.Owner, owner) ? b.Function : null;
    }

    internal void Bind(int slot, object owner, JsValue function)
    {
        lock (script)
        {
            var all = new (object, JsValue)?[Math.Max(bound.Length, slot + 1)];
            bound.CopyTo(all, 0);
            all[slot] = (owner, function);
            bound = all;
        }
    }
}
