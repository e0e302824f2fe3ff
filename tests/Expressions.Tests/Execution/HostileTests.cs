using WorkflowEngine.Expressions.Analysis;
using WorkflowEngine.Expressions.Execution;

namespace WorkflowEngine.Expressions.Tests.Execution;

// Memory is counted for the whole process: nothing else may run meanwhile.
[CollectionDefinition(nameof(HostileTests), DisableParallelization = true)]
[Collection(nameof(HostileTests))]
public sealed class HostileTests
{
    private const long MostBytes = 64 * 1024 * 1024;

    public static TheoryData<string> Corpus() =>
    [
        "(function () { while (true) {} })()",
        "(function () { for (;;); })()",
        "(function f() { return f(); })()",
        "(f => f(f))(f => f(f))",
        "(function () { let s = 'x'; while (true) s += s; })()",
        "(function () { const a = []; while (true) a.push(a); })()",
        "(function () { const a = []; while (true) a[a.length] = 'x'; })()",
        "'x'.repeat(1e9)",
        "Array(1e9).fill('x')",
        "new Array(1e9)",
        "[].constructor(1e8)",
        "Array(100000).join('x'.repeat(1000))",
        "(2n ** 1000000n).toString()",
        "`${2n ** 1000000n}`",
        "/(a+)+$/.test('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!')",
        "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.match(/(a+)+$/)",
        "({}).__proto__.evil = 7",
        "Object.prototype.evil = 7",
        "(function () { ({}).constructor.prototype.evil = 7; return 1; })()",
        "(function () { globalThis.evil = 7; return 1; })()",
        "(function () { evil = 7; return 1; })()",
        "[].__proto__.map = 7",
        "Function('return this')()",
        "(() => 0).constructor('return 1')()",
        "(function () {}).constructor('while (true) {}')()",
        "(async () => 0).constructor('return 1')()",
        "(function* () {}).constructor('return 1')()",
        "[].map.constructor('return 1')()",
        "eval('1')",
        "System.IO.File.ReadAllText('/etc/passwd')",
        "importNamespace('System')",
        "$.str.constructor",
        "$.keep.GetType()",
        "$.m_map(0, [1, 2], $.m_map)",
        "(function () { $.str = 1; return 1; })()",
        "new Proxy({}, {})",
        "Reflect.ownKeys(globalThis)",
        "WebAssembly.compile",
        "new Date().getTime()",
        "Math.random()",
        "Intl.DateTimeFormat()",
        "setTimeout(() => 0, 0)",
        "(function () { try { null.x } catch (e) { return e.constructor.constructor('return 1')(); } })()",
        "(function () { class A { static { while (true) {} } } })()",
        "(function () { const [a, b] = { [Symbol.iterator]: 1 }; })()",
        string.Concat(Enumerable.Repeat("(s => s + s)(", 50)) + "'xxxxxxxx'" + new string(')', 50),
        string.Concat(Enumerable.Repeat("!", 10_000)) + "true",
        string.Concat(Enumerable.Repeat("a => ", 3_000)) + "1",
        new string('(', 8_000) + new string(')', 8_000),
        string.Join('+', Enumerable.Repeat("1", 8_000)),
        "(function () { return { toString: function () { while (true) {} } } + ''; })()",
        "(function () { return [3, 1, 2].sort(() => { while (true) {} }); })()",
        "(function () { const o = {}; o.o = o; return o; })()",
        "(function () { let o = {}; for (let i = 0; i < 1000; i++) o = { o }; return o; })()",
        "(function () { return $.m_padEnd(0, 'x', 1e9); })()",
        "(function () { let s = 'x'; for (let i = 0; i < 40; i++) s = $.str(0, s, s); return s; })()",
        "(function () { let a = [1]; for (let i = 0; i < 40; i++) a = $.cat(0, a, a); return a; })()",
        "(function () { let a = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]; const f = (d) => d === 0 ? 1 : $.m_map(0, a, () => f(d - 1)); return f(12); })()",
        "(function () { return $.m_split(0, $.m_padEnd(0, 'x', 4000000), ''); })()",
        "(function () { return $.m_replaceAll(0, $.m_padEnd(0, 'a', 1000000, 'a'), 'a', $.m_padEnd(0, 'b', 1000000, 'b')); })()",
    ];

    [Theory]
    [MemberData(nameof(Corpus))]
    public void The_checker_refuses_it(string source)
    {
        var analysis = ExpressionAnalyzer.Analyze(source, NameScope.Empty);
        Assert.True(analysis.HasErrors);
        Assert.NotNull(MappingCompiler.Prepare(source, []).Problem);
    }

    [Theory]
    [MemberData(nameof(Corpus))]
    public void Past_the_checker_it_fails_its_own_run_at_most_and_the_next_is_clean(string source)
    {
        var abandoned = 0;
        using var engine = new ExpressionEngine(new ExpressionEngineOptions { Engines = 1, Threads = 1 });
        engine.Abandoned += _ => Interlocked.Increment(ref abandoned);
        var probe = MappingCompiler.Prepare("[1, 2].map(n => `${n}${({}).evil ?? \"\"}`)", []);
        Assert.True(engine.Invoke(probe).Succeeded);

        var before = GC.GetTotalMemory(forceFullCollection: true);
        var allocated = GC.GetTotalAllocatedBytes();
        var result = engine.Invoke(MappingCompiler.PrepareUnchecked(source));
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - before < MostBytes, $"kept {GC.GetTotalMemory(false) - before:N0} bytes");
        Assert.True(GC.GetTotalAllocatedBytes() - allocated < MostBytes, $"allocated {GC.GetTotalAllocatedBytes() - allocated:N0} bytes");
        Assert.True(result.Succeeded || result.Error.Message.Length > 0);
        Assert.Equal(0, abandoned);
        Assert.DoesNotContain("root:", Describe(result));

        var next = engine.Invoke(probe);
        Assert.Equal(new object?[] { "1", "2" }, next.Values![0]);
    }

    [Theory]
    [InlineData("\"x\".padEnd(1000000000)")]
    [InlineData("\"x\".padEnd(1000000, \"y\").split(\"\").map(c => c.padEnd(1000))")]
    [InlineData("\"x\".padEnd(1000, \"y\").split(\"\").map((c, i, a) => 1)")]
    public void What_the_language_allows_is_still_bounded_when_it_runs(string source)
    {
        using var engine = new ExpressionEngine(new ExpressionEngineOptions { Engines = 1, Threads = 1 });
        var allocated = GC.GetTotalAllocatedBytes();
        var result = engine.Invoke(MappingCompiler.Prepare(source, []));
        Assert.True(GC.GetTotalAllocatedBytes() - allocated < MostBytes);
        Assert.True(result.Succeeded || result.Error.Kind == EvaluationErrorKind.Limit);
    }

    [Theory]
    [InlineData("({}).evil ?? 0")]
    [InlineData("typeof eval === 'undefined' && typeof Function === 'undefined' && typeof Date === 'undefined' && typeof globalThis === 'undefined' ? 0 : 1")]
    [InlineData("[].map === undefined && ''.repeat === undefined && (() => 0).call === undefined && ({}).toString === undefined ? 0 : 1")]
    [InlineData("(() => 0).constructor === undefined && [].constructor === undefined && ''.constructor === undefined ? 0 : 1")]
    [InlineData("({}).__proto__ === undefined ? 0 : 1")]
    public void Nothing_of_the_engine_is_left_to_reach(string source)
    {
        using var engine = new ExpressionEngine(new ExpressionEngineOptions { Engines = 1, Threads = 1 });
        var result = engine.Invoke(MappingCompiler.PrepareUnchecked(source));
        Assert.Equal(0L, result.Succeeded ? result.Values[0] : result.Error.Message);
    }

    private static string Describe(EvaluationResult result) => result.Succeeded ? $"{result.Values[0]}" : result.Error.Message;
}
