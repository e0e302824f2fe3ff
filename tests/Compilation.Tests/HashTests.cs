using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Compilation.Tests;

public sealed class HashTests
{
    private const string Flow = """
        flow: hash
        connections: { servicetitan: servicetitan, salesforce: salesforce }
        trigger: { on: servicetitan/customer.changed }
        steps:
          - id: lines
            query: servicetitan/customerContact
            where: { customerId: =input.id }
          - stop: No lines
            if: =lines.length === 0
          - id: account
            lookup: salesforce/Account
            where: { Name: =input.name }
            orElse: none
          - stop: =account?.Name ?? "none"
        """;

    [Fact]
    public void A_comment_makes_no_new_version() =>
        Assert.Equal(Compile(Flow).Hash, Compile(Flow.Replace("steps:", "# a comment\ntitle: Other\nsteps:", StringComparison.Ordinal)).Hash);

    [Fact]
    public void Another_condition_is_another_version() =>
        Assert.NotEqual(Compile(Flow).Hash, Compile(Flow.Replace("=== 0", "=== 1", StringComparison.Ordinal)).Hash);

    [Fact]
    public void Another_default_of_a_parameter_is_another_version()
    {
        var one = Flow.Replace("steps:", "parameters: { days: { type: integer, default: 1 } }\nkey: '=`${input.id}/${params.days}`'\nsteps:", StringComparison.Ordinal);

        Assert.NotEqual(Compile(one).Hash, Compile(one.Replace("default: 1", "default: 2", StringComparison.Ordinal)).Hash);
    }

    [Fact]
    public void What_stands_before_a_change_keeps_its_prefix()
    {
        var before = Compile(Flow);
        var after = Compile(Flow.Replace("?? \"none\"", "?? \"nobody\"", StringComparison.Ordinal));

        Assert.Equal(before.PrefixHashes.SkipLast(1), after.PrefixHashes.SkipLast(1));
        Assert.NotEqual(before.PrefixHashes[^1], after.PrefixHashes[^1]);
        Assert.Equal(before.Instructions.Count, before.PrefixHashes.Count);
    }

    private static CompiledFlow Compile(string yaml) => TestCompiler.Compile(yaml).Flow!;
}
