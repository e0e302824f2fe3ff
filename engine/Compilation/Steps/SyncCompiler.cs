using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Catalog;
using WorkflowEngine.Compilation.Checks;
using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Steps;

/// <summary><c>sync</c>: makes the children of one record equal a list.</summary>
internal static class SyncCompiler
{
    public static StepResult Compile(SyncStep step, StepContext context)
    {
        var session = context.Session;
        session.NeedsCheckpoint = true;
        var item = ExprType.Any;
        PlanMapping? list = null;
        if (step.Each is { } each)
        {
            var value = session.Values.Bind(each, ValuePlace.Anything("'each'"), context.Scope.Names);
            item = ListCheck.ItemOf(value, "each", session.Problems);
            list = MappingWriter.One(value, context.Scope);
        }

        if (step.As is { } name) LoopNameCheck.Check(name, context.Scope, session);
        var slot = session.Plan.NewSlot(step.As?.Value ?? "item");
        var scope = context.Scope.With(step.As?.Value ?? "item", item, slot);
        var inside = context with { Scope = scope };
        var entity = session.Catalog.Entity(step.Entity, session.Problems);
        var lines = WriteLines.Of(step, step.SetOnCreate, step.SetOnUpdate, entity, session);
        if (entity is null)
        {
            WriteParts.Loose(lines.All.Concat(step.Missing?.Set?.Lines ?? []), inside);
            LooseCheck.Lines(step.Within?.Lines, context);
            return StepResult.Unknown;
        }

        VerbCheck.Write(entity, step.Entity, create: true, update: true, delete: step.Missing?.Rule == MissingRule.Delete, session.Problems);
        WriteParts.Note(step, entity, context);
        var condition = new MappingWriter(context.Scope);
        var ties = new SetBinder(session, entity, context.Scope, condition).Bind(step.Within?.Lines ?? [], SetHalf.Create);
        foreach (var line in ties) FilterCheck.Check(line.Field, line.Line.Name.Span, scan: false, scanAllowed: false, session.Problems);
        var values = new MappingWriter(scope);

        // The same values again for the upsert of each item: a child that belonged to another record moves here where the vendor lets it.
        var within = ties.Select(l => l with { Plan = l.Plan with { Value = values.Add(l.Value) } }).ToArray();
        var moves = within.Where(l => l.Field.Updatable).ToArray();
        var binder = new SetBinder(session, entity, scope, values);
        var set = binder.Bind(lines.Set, SetHalf.Both);
        var onCreate = binder.Bind(lines.OnCreate, SetHalf.Create);
        var found = new RecordReads(entity);
        var updateScope = scope.With("found", session.Shapes.Record(found), Slots.Found);
        var updateValues = new MappingWriter(updateScope);
        var onUpdate = new SetBinder(session, entity, updateScope, updateValues).Bind(lines.OnUpdate, SetHalf.Update);
        var rules = MatchCheck.Bind(step.Match, entity, [.. set, .. within], onCreate, new RuleContext(session, scope, values, lines.CreateNames));
        var written = lines.Set.Concat(lines.OnCreate).Concat(step.Within?.Lines ?? []);
        RequiredCheck.Check(entity, step.Activity.Span, [.. set, .. onCreate, .. within], written, session.Problems);
        var options = OptionsCompiler.Bind(step, entity.Connection, context, values);
        var record = new RecordReads(entity);
        var output = ExprType.List(WriteParts.Output(entity, record, session, ("created", ExprType.Boolean), ("changed", ExprType.Boolean)));
        var missing = Missing(step, entity, context, options.Select(o => (o.Name, values[o.Value])));
        var ids = entity.Descriptor.IdField;
        var upsert = new UpsertInstruction
        {
            Step = context.Head with { Options = options, Output = session.Plan.NewSlot("synced") },
            Connection = entity.Connection.Name,
            Entity = entity.Descriptor,
            Values = values.Build(),
            Set = [.. moves.Concat(set).Select(l => l.Plan)],
            SetOnCreate = [.. within.Except(moves).Concat(onCreate).Select(l => l.Plan)],
            SetOnUpdate = [.. onUpdate.Select(l => l.Plan)],
            UpdateValues = updateValues.Build(),
            Empty = WriteParts.Empty(step.Empty),
            Rules = rules,
            Select = session.Plan.Defer(
                [found, record],
                within.Concat(set).Concat(onUpdate).Where(l => l.Field.Field.Readable).Select(l => l.Field.Path).Concat(rules.SelectMany(r => r.Terms).SelectMany(t => t.Paths)).Append(ids)),
        };
        var tied = condition.Build();
        if (list is null || tied is null) return new StepResult(null, output);
        var instruction = new SyncInstruction
        {
            Step = context.Head,
            Each = list,
            Item = slot,
            Upsert = upsert,
            Within = new PlanAll([.. ties.Select(l => new PlanField(l.Field.Path, l.Field.Field, Comparison.In, [l.Plan.Value]))]),
            WithinValues = tied,
            Missing = step.Missing?.Rule switch { MissingRule.Delete => PlanMissing.Delete, MissingRule.Set => PlanMissing.Set, _ => PlanMissing.Keep },
            MissingSet = [.. missing.Lines.Select(l => l.Plan)],
            MissingValues = missing.Values,
            MissingOptions = missing.Options,
            MissingSelect = session.Plan.Defer([missing.Found], missing.Lines.Where(l => l.Field.Field.Readable).Select(l => l.Field.Path).Append(ids)),
        };
        return new StepResult(instruction, output);
    }

    private static (IReadOnlyList<BoundLine> Lines, IReadOnlyList<PlanOption> Options, PlanMapping? Values, RecordReads Found) Missing(
        SyncStep step, EntityModel entity, StepContext context, IEnumerable<(string Name, BoundValue Value)> options)
    {
        var found = new RecordReads(entity);
        var scope = context.Scope.With("found", context.Session.Shapes.Record(found), Slots.Found);
        var values = new MappingWriter(scope);
        var lines = new SetBinder(context.Session, entity, scope, values).Bind(step.Missing?.Set?.Lines ?? [], SetHalf.Update);
        var own = options.Select(o => new PlanOption(o.Name, values.Add(o.Value))).ToArray();
        return (lines, own, values.Build(), found);
    }
}
