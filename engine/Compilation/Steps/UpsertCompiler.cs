using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Checks;
using WorkflowEngine.Compilation.Diagnostics;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Steps;

/// <summary><c>upsert</c>: update what the rules find, else create.</summary>
internal static class UpsertCompiler
{
    public static StepResult Compile(UpsertStep step, StepContext context)
    {
        var session = context.Session;
        var entity = session.Catalog.Entity(step.Entity, session.Problems);
        var lines = WriteLines.Of(step, step.SetOnCreate, step.SetOnUpdate, entity, session);
        if (entity is null)
        {
            WriteParts.Loose(lines.All, context);
            return StepResult.Unknown;
        }

        var may = VerbCheck.Write(entity, step.Entity, create: true, update: true, delete: false, session.Problems);
        WriteParts.Note(step, entity, context);
        var keys = Keys(step.Match);
        var values = new MappingWriter(context.Scope);
        var binder = new SetBinder(session, entity, context.Scope, values);
        // A line that both halves replace never counts, so what it may not do is not said.
        var set = binder.Bind(lines.Set, may ? SetHalf.Both : SetHalf.None, keys);
        var onCreate = binder.Bind(lines.OnCreate, may ? SetHalf.Create : SetHalf.None, keys);
        var found = new RecordReads(entity);
        var scope = context.Scope.With("found", session.Shapes.Record(found), Slots.Found);
        var updateValues = new MappingWriter(scope);
        var onUpdate = new SetBinder(session, entity, scope, updateValues).Bind(lines.OnUpdate, may ? SetHalf.Update : SetHalf.None, keys);
        var adopt = step.Adopt is { } given ? MappingWriter.One(StepSequence.ConditionValue(given, given.Expression is { } text ? ConditionCheck.Analyze(session, text, scope.Names) : null), scope) : null;

        var rules = Rules(step, entity, set, onCreate, new RuleContext(session, context.Scope, values, lines.CreateNames));
        RequiredCheck.Check(entity, step.Activity.Span, [.. set, .. onCreate], lines.Set.Concat(lines.OnCreate), session.Problems);
        LineCheck.Check(step, lines, rules, session.Problems);

        var record = new RecordReads(entity);
        var unique = rules is [{ VendorUnique: true }];
        if (!unique || onUpdate.Count > 0) session.NeedsCheckpoint = true;
        var options = OptionsCompiler.Bind(step, entity.Connection, context, values);
        var onDeleted = DeletedCheck.Of(step, entity, set, session.Problems);
        if (onDeleted != PlanDeleted.Create) session.NeedsCheckpoint = true;
        var direct = new UpsertInstruction
        {
            Step = context.Head with { Options = options },
            Connection = entity.Connection.Name,
            Entity = entity.Descriptor,
            Values = values.Build(),
            Set = [.. set.Select(l => l.Plan)],
            SetOnCreate = [.. onCreate.Select(l => l.Plan)],
            SetOnUpdate = [.. onUpdate.Select(l => l.Plan)],
            UpdateValues = updateValues.Build(),
            Empty = WriteParts.Empty(step.Empty),
            Rules = rules,
            Adopt = adopt,
            OnAmbiguous = Ambiguous(step.OnAmbiguous?.Value),
            OnOwned = Owned(step.OnOwned?.Value),
            OnDeleted = onDeleted,
            SkipUnchanged = step.SkipUnchanged?.Value ?? true,
            Select = session.Plan.Defer([found, record], Selected(set, onUpdate, rules, entity)),
            // Without a wish of the author's own, one call is cheaper than two.
            Direct = unique && onCreate.Count == 0 && onUpdate.Count == 0 && step.SkipUnchanged?.Value != true && onDeleted == PlanDeleted.Create,
        };
        var output = WriteParts.Output(entity, record, session, ("created", ExprType.Boolean), ("changed", ExprType.Boolean));
        // A repeat after a lost answer is told "updated" whoever created the record: who asks whether it is new has it looked up first.
        session.AtEnd.Add(() =>
        {
            if (direct.Direct && session.AskedWhetherNew.Contains(output.Shape!)) session.Plan.Replace(i => i is UpsertInstruction u && ReferenceEquals(u.Rules, rules) ? u with { Direct = false } : i);
        });
        return new StepResult(direct, onDeleted == PlanDeleted.Skip ? output.OrNull() : output);
    }

    private static IReadOnlySet<string> Keys(IReadOnlyList<MatchRule> rules) =>
        rules.SelectMany(r => r.Terms).Where(t => t.Value is null).SelectMany(t => t.Alternatives).Select(a => a.Value).ToHashSet(StringComparer.Ordinal);

    private static IReadOnlyList<PlanMatchRule> Rules(
        UpsertStep step, EntityModel entity, IReadOnlyList<BoundLine> set, IReadOnlyList<BoundLine> onCreate, RuleContext at)
    {
        if (step.Match.Count == 0) return [];
        var rules = MatchCheck.Bind(step.Match, entity, set, onCreate, at);
        if (rules.Count == step.Match.Count && !rules.Any(r => r.Written) && !OptionsCompiler.AcceptsDuplicates(step))
        {
            at.Problems.Add(MatchDiagnostics.CreateWithoutKey(step.Match[0].Span, entity.FullName));
        }

        var owned = step.Match[0].Terms is [{ Value: null } only] && set.Any(l => l.Line.Name.Value == only.Path.Value);
        if (step.OnOwned is { } word && !owned) at.Problems.Add(MatchDiagnostics.NothingOwned(word.Span));
        return rules;
    }

    private static IEnumerable<string> Selected(
        IEnumerable<BoundLine> set, IEnumerable<BoundLine> onUpdate, IEnumerable<PlanMatchRule> rules, EntityModel entity) =>
        set.Concat(onUpdate).Where(l => l.Field.Field.Readable).Select(l => l.Field.Path)
            .Concat(rules.SelectMany(r => r.Terms).SelectMany(t => t.Paths))
            .Append(entity.Descriptor.IdField);

    private static PlanAmbiguous Ambiguous(OnAmbiguous? word) => word switch
    {
        OnAmbiguous.Newest => PlanAmbiguous.Newest,
        OnAmbiguous.Oldest => PlanAmbiguous.Oldest,
        OnAmbiguous.Fail => PlanAmbiguous.Fail,
        _ => PlanAmbiguous.Review,
    };

    private static PlanOwned Owned(OnOwned? word) => word switch
    {
        OnOwned.Share => PlanOwned.Share,
        OnOwned.Review => PlanOwned.Review,
        OnOwned.Fail => PlanOwned.Fail,
        _ => PlanOwned.Create,
    };
}
