using System.Text.RegularExpressions;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Testing;

/// <summary>Builds a plan by hand, with expressions in the flow's own language.</summary>
public sealed partial class PlanBuilder(string id)
{
    private readonly List<Instruction> _instructions = [];
    private readonly List<string> _slots = ["input", "params", "tables", "run", "trigger", "error", "found"];
    private readonly List<PlanTrigger> _triggers = [];
    private readonly Dictionary<string, string> _connections = [];
    private string? _key;
    private bool _restartable;
    private int _line;

    /// <summary>Index of the next instruction.</summary>
    public int Next => _instructions.Count;

    public PlanBuilder Connection(string name)
    {
        _connections[name] = name;
        return this;
    }

    public PlanBuilder Key(string expression)
    {
        _key = expression;
        return this;
    }

    public PlanBuilder Restartable()
    {
        _restartable = true;
        return this;
    }

    public PlanBuilder Trigger(PlanTrigger trigger)
    {
        _triggers.Add(trigger);
        return this;
    }

    /// <summary>A trigger on changes of an entity.</summary>
    public PlanBuilder OnChanged(string connection, EntityDescriptor entity, Func<PlanTrigger, PlanTrigger>? with = null)
    {
        var trigger = new PlanTrigger
        {
            Id = "changed", Kind = PlanTriggerKind.Entity, Connection = connection, Entity = entity, Place = Place(),
            Event = new EntityEvent { Name = "changed", Description = "Any change.", Feeds = ["feed"] },
        };
        return Trigger(with is null ? trigger : with(trigger));
    }

    public PlanBuilder Webhook(string? eventId = null) => Trigger(new PlanTrigger
    {
        Id = "webhook", Kind = PlanTriggerKind.Webhook, Webhook = "hook", EventId = eventId is null ? null : Mapping(eventId), Place = Place(),
    });

    public int Slot(string name)
    {
        var at = _slots.IndexOf(name);
        if (at >= 0) return at;
        _slots.Add(name);
        return _slots.Count - 1;
    }

    /// <summary>A mapping whose names are the slots known so far.</summary>
    public PlanMapping Mapping(params string[] sources)
    {
        var used = _slots.Where(n => sources.Any(s => Names().Matches(s).Any(m => m.Value == n))).ToList();
        return new PlanMapping { Sources = sources, Names = used, Slots = [.. used.Select(Slot)], Places = [.. sources.Select(_ => Place())] };
    }

    public PlanStep Step(string name, string activity, Func<PlanStep, PlanStep>? with = null)
    {
        var step = PlanStep.Of(name, activity, Place(), Slot(name));
        return with is null ? step : with(step);
    }

    public PlanBuilder Add(Instruction instruction)
    {
        _instructions.Add(instruction);
        return this;
    }

    /// <summary>Replaces an instruction once its targets are known.</summary>
    public PlanBuilder Patch(int at, Func<Instruction, Instruction> with)
    {
        _instructions[at] = with(_instructions[at]);
        return this;
    }

    public PlanBuilder Lookup(
        string name, string connection, EntityDescriptor entity, string field, string value, PlanOrElse orElse = PlanOrElse.None, Func<PlanStep, PlanStep>? with = null) =>
        Add(new ReadInstruction
        {
            Step = Step(name, "lookup", with), Connection = connection, Entity = entity, Fields = Fields(entity), One = true, OrElse = orElse,
            Where = new PlanField(field, entity.Field(field)!, Comparison.In, [0]), Values = Mapping(value),
        });

    public PlanBuilder Query(string name, string connection, EntityDescriptor entity, string field, string value) => Add(new ReadInstruction
    {
        Step = Step(name, "query"), Connection = connection, Entity = entity, Fields = Fields(entity), One = false,
        Where = new PlanField(field, entity.Field(field)!, Comparison.In, [0]), Values = Mapping(value),
    });

    public PlanBuilder Map(string name, params (string Line, string Source)[] lines)
    {
        var mapping = Mapping([.. lines.Select(l => l.Source)]);
        var named = new PlanMapping
        {
            Sources = mapping.Sources, Names = mapping.Names, Slots = mapping.Slots, Places = mapping.Places, SelfName = name, LineNames = [.. lines.Select(l => l.Line)],
        };
        return Add(new MapInstruction { Step = Step(name, "map"), Values = named });
    }

    /// <summary>An upsert; each rule is a list of fields joined by <c>+</c>.</summary>
    public PlanBuilder Upsert(
        string name, string connection, EntityDescriptor entity, string[] rules, (string Field, string Source)[] set, Func<UpsertInstruction, UpsertInstruction>? with = null)
    {
        var lines = set.Select((s, i) => Line(entity, s.Field, i)).ToList();
        var upsert = new UpsertInstruction
        {
            Step = Step(name, "upsert"), Connection = connection, Entity = entity, Values = Mapping([.. set.Select(s => s.Source)]), Set = lines, Select = Fields(entity),
            Rules =
            [
                .. rules.Select(rule => new PlanMatchRule
                {
                    Kind = rule, Written = true, VendorUnique = entity.Field(rule) is { Unique: true, ExternalId: true },
                    Terms = [.. rule.Split('+').Select(f => new PlanMatchTerm([f], entity.Field(f)!, Array.FindIndex(set, s => s.Field == f)))],
                }),
            ],
        };
        return Add(with is null ? upsert : with(upsert));
    }

    public PlanBuilder CreateOnce(string name, string connection, EntityDescriptor entity, string field, string key, params (string Field, string Source)[] set) =>
        Add(new CreateInstruction
        {
            Step = Step(name, "create"), Connection = connection, Entity = entity, Select = Fields(entity), Values = Mapping([key, .. set.Select(s => s.Source)]),
            Once = Line(entity, field, 0), OnceIsUnique = entity.Field(field) is { Unique: true }, Set = [.. set.Select((s, i) => Line(entity, s.Field, i + 1))],
        });

    public PlanBuilder Update(string name, string connection, EntityDescriptor entity, string record, params (string Field, string Source)[] set) =>
        Add(new ChangeInstruction
        {
            Step = Step(name, "update"), Connection = connection, Entity = entity, Delete = false, Record = 0, Select = Fields(entity), OrElse = PlanOrElse.Fail,
            Values = Mapping([record, .. set.Select(s => s.Source)]), Set = [.. set.Select((s, i) => Line(entity, s.Field, i + 1))],
        });

    /// <summary>Runs the steps only when the expression is true.</summary>
    public PlanBuilder If(string condition, Action<PlanBuilder> steps)
    {
        var at = Next;
        Add(new JumpUnlessInstruction { Step = Step($"if {at}", "if"), Condition = Mapping(condition), Target = 0 });
        steps(this);
        var end = Next;
        return Patch(at, i => ((JumpUnlessInstruction)i) with { Target = end });
    }

    public PlanBuilder ForEach(string list, string item, Action<PlanBuilder> steps, string? collect = null, string name = "each", bool continueOnError = false)
    {
        var begin = Next;
        var step = Step(name, "forEach");
        Add(new ForEachInstruction { Step = step, List = Mapping(list), Item = Slot(item), Index = Slot("index"), End = 0, ContinueOnError = continueOnError });
        steps(this);
        var end = Next;
        Add(new ForEachEndInstruction { Step = step, Begin = begin });
        return Patch(begin, i => ((ForEachInstruction)i) with { End = end, Collect = collect is null ? null : Mapping(collect) });
    }

    public PlanBuilder Stop(string message) => Add(new EndInstruction { Step = Step($"stop {Next}", "stop"), Kind = PlanEnd.Stop, Message = Mapping(message) });

    public PlanBuilder Fail(string message) => Add(new EndInstruction { Step = Step($"fail {Next}", "fail"), Kind = PlanEnd.Fail, Message = Mapping(message) });

    public CompiledFlow Build(string hash = "1") => new()
    {
        Id = id, Hash = hash, Connections = _connections, Triggers = _triggers, Key = _key is null ? null : Mapping(_key), KeyIsRecordId = _key is null,
        Instructions = _instructions, SlotCount = _slots.Count, SlotNames = _slots, Restartable = _restartable,
    };

    public static IReadOnlyList<string> Fields(EntityDescriptor entity) => [.. entity.Fields.Select(f => f.Name)];

    public PlanFieldLine Line(EntityDescriptor entity, string field, int value) => new() { Path = field, Field = entity.Field(field)!, Value = value, Place = Place() };

    private SourcePlace Place() => new(id + ".yaml", ++_line, 1);

    [GeneratedRegex("[A-Za-z_][A-Za-z_0-9]*")]
    private static partial Regex Names();
}
