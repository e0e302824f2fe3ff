using WorkflowEngine.Compilation.Binding;
using WorkflowEngine.Compilation.Checks;
using WorkflowEngine.Definitions;
using WorkflowEngine.Expressions.Types;

namespace WorkflowEngine.Compilation.Steps;

/// <summary><c>sync</c>: makes the children of one record equal a list; checked in full, not run yet.</summary>
internal static class SyncCompiler
{
    public static StepResult Compile(SyncStep step, StepContext context)
    {
        var session = context.Session;
        session.Plan.Later("the activity 'sync'", step.Activity.Span);
        session.NeedsCheckpoint = true;
        var item = ExprType.Any;
        if (step.Each is { } each) item = ListCheck.ItemOf(session.Values.Bind(each, ValuePlace.Anything("'each'"), context.Scope.Names), "each", session.Problems);
        if (step.As is { } name) LoopNameCheck.Check(name, context.Scope, session);
        var scope = context.Scope.With(step.As?.Value ?? "item", item, -1);
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
        var values = new MappingWriter(scope);
        var within = new SetBinder(session, entity, context.Scope, new MappingWriter(context.Scope)).Bind(step.Within?.Lines ?? [], SetHalf.Create);
        foreach (var line in within) FilterCheck.Check(line.Field, line.Line.Name.Span, scan: false, scanAllowed: false, session.Problems);
        var binder = new SetBinder(session, entity, scope, values);
        var set = binder.Bind(lines.Set, SetHalf.Both);
        var onCreate = binder.Bind(lines.OnCreate, SetHalf.Create);
        var found = new RecordReads(entity);
        new SetBinder(session, entity, scope.With("found", session.Shapes.Record(found), Plan.Slots.Found), new MappingWriter(scope)).Bind(lines.OnUpdate, SetHalf.Update);
        if (step.Missing?.Set is { } missing)
        {
            new SetBinder(session, entity, context.Scope.With("found", session.Shapes.Record(found), Plan.Slots.Found), new MappingWriter(context.Scope)).Bind(missing.Lines, SetHalf.Update);
        }

        MatchCheck.Bind(step.Match, entity, [.. set, .. within], onCreate, new RuleContext(session, scope, values, lines.CreateNames));
        var written = lines.Set.Concat(lines.OnCreate).Concat(step.Within?.Lines ?? []);
        RequiredCheck.Check(entity, step.Activity.Span, [.. set, .. onCreate, .. within], written, session.Problems);
        OptionsCompiler.Bind(step, entity.Connection, context, values);
        var record = new RecordReads(entity);
        return new StepResult(null, ExprType.List(WriteParts.Output(entity, record, session, ("created", ExprType.Boolean), ("changed", ExprType.Boolean))));
    }
}
