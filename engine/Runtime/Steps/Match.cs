using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Expressions.Execution;

namespace WorkflowEngine.Runtime;

/// <summary>What the rules of an upsert found.</summary>
internal sealed class Match
{
    public required RuleValues[] Rules { get; init; }

    /// <summary>The record, as read; null when nothing matches.</summary>
    public IReadOnlyDictionary<string, object?>? Record { get; set; }

    /// <summary>The rule that found it.</summary>
    public int Rule { get; set; } = -1;

    /// <summary>A record matched but belongs to another key.</summary>
    public bool OwnedSeen { get; set; }

    /// <summary>The record belongs to another key and is used all the same: its key is not written.</summary>
    public bool Shared { get; set; }

    /// <summary>Another run is creating the record.</summary>
    public LinkRow? Foreign { get; set; }

    /// <summary>Links whose record is gone.</summary>
    public List<LinkKey>? Dead { get; set; }

    /// <summary>Records a person is asked about.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, object?>>? Candidates { get; set; }

    public ReviewKind Asked { get; set; }

    /// <summary>What became of the rules before, in words: why this record and no other. Empty when the first rule found it.</summary>
    public List<string> Because { get; } = [];

    /// <summary>Which rule decided and why, without a value of the record.</summary>
    public string Explain() => Record is null || Rule < 0 ? $"found nobody: {string.Join("; ", Because)}" : $"found by {Rules[Rule].Words}, because {string.Join("; ", Because)}";

    /// <summary>The step ends with this instead.</summary>
    public StepResult? Ended { get; set; }
}

/// <summary>A rule with the values of this run.</summary>
internal sealed class RuleValues
{
    public required PlanMatchRule Rule { get; init; }

    /// <summary>Normalised values, one per term.</summary>
    public required string[] Keys { get; init; }

    public required object[] Values { get; init; }

    /// <summary>A value is null or empty: the rule is not tried.</summary>
    public bool Skipped { get; init; }

    /// <summary>The rule in words: <c>MobilePhone + LastName</c>.</summary>
    public string Words => string.Join(" + ", Rule.Terms.Select(t => string.Join("|", t.Paths)));

    public string Hash => _hash ??= LinkHash.Of(Keys);

    private string? _hash;

    public static RuleValues Of(PlanMatchRule rule, object?[] values)
    {
        var keys = new string[rule.Terms.Count];
        var used = new object[keys.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            var term = rule.Terms[i];
            var value = values[term.Value];
            if (value is FieldMarker || FieldComparison.Key(term.Field, value) is not { } key
                || !FieldValues.TryConvert(LooseTypes.OfSearch(term.Field.Type), value, out var converted, out _))
            {
                return new RuleValues { Rule = rule, Keys = [], Values = [], Skipped = true };
            }

            keys[i] = key;
            used[i] = converted!;
        }

        return new RuleValues { Rule = rule, Keys = keys, Values = used };
    }

    public Abstractions.Condition Condition()
    {
        if (Keys.Length == 1) return MatchFinder.Term(Rule.Terms[0].Paths, Values[0]);
        var parts = new Abstractions.Condition[Keys.Length];
        for (var i = 0; i < parts.Length; i++) parts[i] = MatchFinder.Term(Rule.Terms[i].Paths, Values[i]);
        return new Abstractions.AllOf(parts);
    }

    public LookupTerm[] Lookup()
    {
        var terms = new LookupTerm[Keys.Length];
        for (var i = 0; i < terms.Length; i++) terms[i] = new LookupTerm(Rule.Terms[i].Paths, Values[i]);
        return terms;
    }
}
