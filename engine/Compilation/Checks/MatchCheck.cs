using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Analysis;

namespace WorkflowEngine.Compilation.Checks;

/// <summary>The rules of <c>match</c>: what is searched can be searched, what is not given a value is written, and a new record carries a key the vendor can be asked for.</summary>
internal static class MatchCheck
{
    public static IReadOnlyList<PlanMatchRule> Bind(
        IReadOnlyList<MatchRule> rules, EntityModel entity, IReadOnlyList<BoundLine> set, IReadOnlyList<BoundLine> onCreate, RuleContext at)
    {
        var written = set.Concat(onCreate).GroupBy(l => l.Field.Path, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last(), StringComparer.Ordinal);
        var plans = new List<PlanMatchRule>();
        var kinds = new HashSet<string>(StringComparer.Ordinal);
        foreach (var rule in rules)
        {
            var terms = rule.Terms.Select(t => Term(t, entity, written, at)).OfType<(PlanMatchTerm Term, ResolvedField Field, bool Written)>().ToArray();
            if (terms.Length < rule.Terms.Count) continue;
            var kind = string.Join(",", terms.Select(t => string.Join("|", t.Term.Paths)));
            if (!kinds.Add(kind)) at.Problems.Add(MatchDiagnostics.SameRule(rule.Span, kind));
            plans.Add(new PlanMatchRule
            {
                Terms = [.. terms.Select(t => t.Term)],
                Kind = kind,
                Written = terms.All(t => t.Written),
                VendorUnique = terms is [{ Written: true, Field.Field: { Unique: true, ExternalId: true } }],
            });
        }

        return plans;
    }

    /// <summary>Null after a mistake that is reported.</summary>
    private static (PlanMatchTerm Term, ResolvedField Field, bool Written)? Term(
        MatchTerm term, EntityModel entity, Dictionary<string, BoundLine> written, RuleContext at)
    {
        var fields = new List<ResolvedField>();
        foreach (var path in term.Alternatives)
        {
            if (FieldCheck.Resolve(entity, path, at.Problems) is not { } field) continue;
            if (!field.Searchable)
            {
                var can = entity.Descriptor.Fields.Where(f => f.Search != Abstractions.SearchForm.None).Select(f => f.Name).ToArray();
                at.Problems.Add(FieldDiagnostics.NotSearchable(path.Span, entity.FullName, field.Path, can));
            }

            fields.Add(field);
        }

        if (fields.Count < term.Alternatives.Count)
        {
            if (term.Value is not null) at.Session.Values.Bind(term.Value, ValuePlace.Anything(term.Path.Value), at.Scope.Names);
            return null;
        }

        var paths = fields.Select(f => f.Path).ToArray();
        if (term.Value is { } value)
        {
            var bound = at.Session.Values.Bind(value, ValuePlace.Compared(fields[0], AnalysisOptions.Key), at.Scope.Names);
            return (new PlanMatchTerm(paths, fields[0].Field, at.Values.Add(bound)), fields[0], false);
        }

        var line = paths.Select(p => written.GetValueOrDefault(p)).FirstOrDefault(l => l is not null);
        if (line is null && paths.Select(p => Part(p, written, at)).FirstOrDefault(i => i >= 0, -1) is >= 0 and var part)
        {
            return (new PlanMatchTerm(paths, fields[0].Field, part), fields[0], true);
        }

        if (line is null)
        {
            // A line with a mistake of its own was written all the same.
            if (!at.WrittenNames.Overlaps(term.Alternatives.Select(a => a.Value))) at.Problems.Add(MatchDiagnostics.FieldNotSet(term.Path.Span, term.Path.Value));
            return null;
        }

        return (new PlanMatchTerm(paths, fields[0].Field, line.Plan.Value), fields[0], true);
    }

    // address.zip, where the whole address is set.
    private static int Part(string path, Dictionary<string, BoundLine> written, RuleContext at)
    {
        for (var dot = path.LastIndexOf('.'); dot > 0; dot = path.LastIndexOf('.', dot - 1))
        {
            if (!written.TryGetValue(path[..dot], out var whole) || whole.Plan.Reference is not null) continue;
            var source = path[(dot + 1)..].Split('.').Aggregate($"({whole.Value.Source})", (s, name) => $"{s}?.[{LiteralText.Text(name)}]");
            return at.Values.Add(whole.Value with { Source = source, Type = Expressions.Types.ExprType.Any });
        }

        return -1;
    }
}

/// <summary>What the rules of a step are bound with.</summary>
internal sealed record RuleContext(FlowSession Session, StepScope Scope, MappingWriter Values, IReadOnlySet<string> WrittenNames)
{
    public DiagnosticBag Problems => Session.Problems;
}
