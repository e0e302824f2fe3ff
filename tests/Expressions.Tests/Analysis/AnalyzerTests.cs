using CsCheck;
using WorkflowEngine.Expressions.Analysis;
using WorkflowEngine.Expressions.Execution;
using WorkflowEngine.Expressions.Tests.Sketches;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Expressions.Tests.Analysis;

public sealed class AnalyzerTests
{
    private static readonly NameScope Scope = SketchScopes.CompletedJob().With("lines", ExprType.List(SketchScopes.Line)).With("rows", ExprType.List(ExprType.Object(("total", ExprType.Decimal.OrNull()))))
        .WithUnavailable("later", "step 'later' comes after this one");

    private static ExpressionAnalysis Analyze(string source, AnalysisOptions? options = null) => ExpressionAnalyzer.Analyze(source, Scope, options);

    [Theory]
    [InlineData("job.jobNumber = 1", "WF3003", "===")]
    [InlineData("job.id == null", "WF3003", "===")]
    [InlineData("job.id != null", "WF3003", "!==")]
    [InlineData("undefined", "WF3003", "null")]
    [InlineData("new Date()", "WF3003", "run.now")]
    [InlineData("function () { return 1; }", "WF3003", "arrow")]
    [InlineData("/a+/", "WF3003", "includes")]
    [InlineData("10n", "WF3003", "money.of")]
    [InlineData("2 ** 3", "WF3003", "x * x")]
    [InlineData("typeof job", "WF3003", "null")]
    [InlineData("job.id, 1", "WF3003", "map step")]
    [InlineData("this.x", "WF3003", "input")]
    [InlineData("lines.map(l => { return l; })", "WF3003", "x => value")]
    [InlineData("job.constructor", "WF3003", null)]
    [InlineData("job[\"__proto__\"]", "WF3003", null)]
    [InlineData("parseInt(job.id)", "WF3003", "money.of")]
    [InlineData("lines.sort()", "WF3012", "list.sortBy")]
    [InlineData("lines.join(\",\")", "WF3012", "list.join")]
    [InlineData("job.jobNumber.substring(1)", "WF3012", "slice")]
    [InlineData("Math.max(1, 2)", "WF3004", "money.max")]
    [InlineData("money.substract(1, 2)", "WF3012", "money.subtract")]
    [InlineData("jobb.id", "WF3004", "job")]
    [InlineData("later.id", "WF3005", null)]
    [InlineData("job.jobNumbr", "WF3006", "jobNumber")]
    [InlineData("invoice.total", "WF3007", "invoice?.total")]
    [InlineData("invoice?.job.id", "WF3007", "?.id")]
    [InlineData("job.total + 1", "WF3008", "money.add(job.total, 1)")]
    [InlineData("job.total === job.total", "WF3008", "money.compare")]
    [InlineData("run.now < run.now", "WF3008", "date.before")]
    [InlineData("run.now === run.now", "WF3008", "date.same")]
    [InlineData("-result.net", "WF3008", "money.multiply")]
    [InlineData("job.summary && true", "WF3010", "!== null")]
    [InlineData("job.summary || \"x\"", "WF3010", "??")]
    [InlineData("lines ? 1 : 2", "WF3010", ".length > 0")]
    [InlineData("job.jobStatus === \"Cancelled\"", "WF3011", "\"Canceled\"")]
    [InlineData("job.id === 5", "WF3011", "text")]
    [InlineData("text.truncate(job.jobNumber)", "WF3013", "text.truncate")]
    [InlineData("text.truncate(job.jobNumber, \"5\")", "WF3009", null)]
    [InlineData("date.before(run.now, result.closed)", "WF3009", "date.of")]
    [InlineData("keep", "WF3016", null)]
    [InlineData("table(\"stage\", job.jobTypeId)", "WF3017", "\"stages\"")]
    [InlineData("rows.map(r => money.compare(r.total, 0))", "WF3007", "!== null")]
    [InlineData("1 +", "WF3001", null)]
    [InlineData("", "WF3001", null)]
    public void A_mistake_has_its_code_and_a_substitute(string source, string code, string? hint)
    {
        var problem = Analyze(source).Problems.First(p => p.IsError);
        Assert.Equal(code, problem.Code);
        Assert.Contains(hint ?? "", problem.Hint ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("job.jobNumbr", 4, 8)]
    [InlineData("`x ${job.total + 1}`", 5, 13)]
    [InlineData("invoice.total", 8, 5)]
    [InlineData("job.jobStatus === \"Cancelled\"", 18, 11)]
    public void A_problem_stands_at_its_own_place(string source, int start, int length)
    {
        var problem = Assert.Single(Analyze(source).Problems);
        Assert.Equal((start, length), (problem.Start, problem.Length));
    }

    [Theory]
    [InlineData("invoice !== null && invoice.active")]
    [InlineData("invoice === null || invoice.active")]
    [InlineData("invoice === null ? false : invoice.active")]
    [InlineData("invoice?.active === true && money.compare(invoice.id === \"1\" ? 1 : 2, 0) > 0")]
    [InlineData("!(invoice === null) && invoice.active")]
    [InlineData("invoice?.job?.id === \"5\" ? invoice.job.id === \"5\" : false")]
    [InlineData("rows.filter(r => r.total !== null).every(r => money.compare(r.total, 0) > 0)")]
    [InlineData("lines.length > 0 && lines[0].type === \"Email\"")]
    public void What_was_tested_is_not_null_behind_the_test(string source) => Assert.Empty(Analyze(source, AnalysisOptions.Condition).Problems);

    [Fact]
    public void A_scope_can_be_narrowed_behind_a_stop()
    {
        var stop = Analyze("invoice === null || !invoice.active", AnalysisOptions.Condition);
        Assert.Contains("invoice", stop.WhenFalseNonNull);
        Assert.Empty(ExpressionAnalyzer.Analyze("invoice.total", Scope.WithNonNull(stop.WhenFalseNonNull)).Problems);
    }

    [Theory]
    [InlineData("job.jobNumber", "text")]
    [InlineData("job.id", "Id<servicetitan/job>")]
    [InlineData("invoice?.total", "decimal or null")]
    [InlineData("invoice?.total ?? money.zero", "decimal")]
    [InlineData("job.noCharge ? \"a\" : \"b\"", "\"a\" | \"b\"")]
    [InlineData("lines.map(l => l.value)", "list of text")]
    [InlineData("list.first(lines)?.memo", "text or null")]
    [InlineData("list.compact([job.summary, \"x\"])", "list of text")]
    [InlineData("date.add(job.completedOn, \"1d\")", "instant or null")]
    [InlineData("1 + 2 * 3", "integer")]
    [InlineData("1 / 2", "number")]
    [InlineData("list.groupBy(lines, l => l.type)[0]?.items[0].value", "text or null")]
    [InlineData("table(\"stages\", job.jobTypeId).stage", "text or null")]
    public void An_expression_has_a_type(string source, string type)
    {
        var analysis = Analyze(source);
        Assert.Empty(analysis.Problems);
        Assert.Equal(type, analysis.Type.ToString());
    }

    [Fact]
    public void A_null_part_of_a_template_is_a_warning_and_in_a_key_an_error()
    {
        Assert.False(Assert.Single(Analyze("`a ${job.summary}`").Problems).IsError);
        Assert.True(Assert.Single(Analyze("`a ${job.summary}`", AnalysisOptions.Key).Problems).IsError);
    }

    [Fact]
    public void Reads_are_the_longest_paths_and_reach_into_lists()
    {
        var analysis = Analyze("list.first(lines, l => l.type === \"Email\")?.value ?? invoice?.job?.id");
        Assert.Equal(["invoice.job.id", "lines", "lines[].type", "lines[].value"], analysis.Reads.Select(r => r.ToString()).Order(StringComparer.Ordinal));
        Assert.Contains(new FieldRead(SketchScopes.Line.Shape!, "value"), analysis.FieldReads);
        Assert.True(Analyze("params.recalls === \"skip\"").ReadsOnlyParams);
        Assert.False(analysis.ReadsOnlyParams);
    }

    [Fact]
    public void A_condition_must_be_boolean()
    {
        Assert.Equal("WF3015", Assert.Single(Analyze("job.jobNumber", AnalysisOptions.Condition).Problems).Code);
        Assert.Equal("WF3015", Assert.Single(Analyze("invoice?.active", AnalysisOptions.Condition).Problems).Code);
        Assert.Empty(Analyze("invoice?.active === true", AnalysisOptions.Condition).Problems);
    }

    [Fact]
    public void A_mutated_expression_never_throws()
    {
        using var engine = new ExpressionEngine(new ExpressionEngineOptions { Engines = 2 });
        var all = SketchExpressions.CompletedJob;
        var names = Scope.Names.ToArray();
        var arguments = new object?[names.Length];
        const string signs = "(){}[]?.:,=>!&|+-*/`'\"\\$ \n01aé\0";
        Gen.Select(Gen.Int[0, all.Length - 1], Gen.Int[0, 400], Gen.Int[0, signs.Length - 1], Gen.Int[0, 2], Gen.Int[0, 20]).Array[1, 4].Sample(
            changes =>
            {
                var source = all[changes[0].Item1];
                foreach (var (_, place, sign, how, length) in changes)
                {
                    var at = place % (source.Length + 1);
                    source = how switch
                    {
                        0 => source.Insert(at, signs[sign].ToString()),
                        1 => source.Remove(at, Math.Min(length, source.Length - at)),
                        _ => source[..at] + source[Math.Min(source.Length, at + length)..] + source[at..],
                    };
                }

                _ = Analyze(source);
                _ = engine.Invoke(MappingCompiler.Prepare(source, names), arguments);
            },
            iter: 1_000,
            threads: 1);
    }
}
