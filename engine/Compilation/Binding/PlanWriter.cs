using WorkflowEngine.Compilation.Plan;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.Compilation.Binding;

/// <summary>The plan while it is written: instructions, slots, names of steps.</summary>
internal sealed class PlanWriter
{
    private const int MostCalls = 8;

    private readonly List<Instruction> instructions = [];
    private readonly List<string> slots = ["input", "params", "tables", "run", "trigger", "error", "found"];
    private readonly Dictionary<string, int> byStep = new(StringComparer.Ordinal);
    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);
    private readonly List<DeferredFields> deferred = [];

    private readonly Stack<(string Flow, string Prefix)> calls = new();

    /// <summary>Begins the steps of a called flow: their ids and names are its own. False when it is under way already.</summary>
    public bool Enter(string flow, string step)
    {
        if (calls.Any(c => c.Flow == flow) || calls.Count >= MostCalls) return false;
        calls.Push((flow, step + "."));
        return true;
    }

    public void Leave() => calls.Pop();

    private string Prefix => calls.Count > 0 ? calls.Peek().Prefix : "";

    /// <summary>Where the next instruction will stand.</summary>
    public int Next => instructions.Count;

    public IReadOnlyList<Instruction> Instructions => instructions;

    public IReadOnlyList<string> SlotNames => slots;

    public int Emit(Instruction instruction)
    {
        instructions.Add(instruction);
        return instructions.Count - 1;
    }

    public void Replace(int index, Func<Instruction, Instruction> change) => instructions[index] = change(instructions[index]);

    /// <summary>Changes what has been written so far.</summary>
    public void Replace(Func<Instruction, Instruction> change)
    {
        for (var i = 0; i < instructions.Count; i++) instructions[i] = change(instructions[i]);
    }

    public int NewSlot(string name)
    {
        slots.Add(name);
        return slots.Count - 1;
    }

    /// <summary>The slot of a step's output; sibling cases that give a step the same id share it.</summary>
    public int StepSlot(string id)
    {
        var name = Prefix + id;
        if (!byStep.TryGetValue(name, out var slot))
        {
            slot = NewSlot(id);
            byStep[name] = slot;
        }

        return slot;
    }

    /// <summary>A name for the step that no other has.</summary>
    public string StepName(StepDefinition step)
    {
        var activity = step.Activity.Value;
        var name = step.Id?.Value;
        if (name is null)
        {
            counts[activity] = counts.GetValueOrDefault(activity) + 1;
            name = $"{activity}-{counts[activity]}";
        }

        name = Prefix + name;
        var unique = name;
        for (var n = 2; !names.Add(unique); n++) unique = $"{name}~{n}";
        return unique;
    }

    public IReadOnlyList<string> Defer(IReadOnlyList<RecordReads> reads, IEnumerable<string>? always = null)
    {
        var fields = new DeferredFields(reads, always ?? []);
        deferred.Add(fields);
        return fields;
    }

    public void Freeze()
    {
        foreach (var fields in deferred) fields.Freeze();
    }
}
