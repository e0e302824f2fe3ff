using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary>The memory of a key: short hashes of what the flow read and wrote of the record, so that a change that is our own, or none to the flow, is dropped.</summary>
internal static class Echo
{
    private const string Whole = "*";
    private const string WrittenMark = "!";

    /// <summary>Notes what a run wrote to the record that started it.</summary>
    public static void Remember(Run run, WriteInstruction write, BoundConnection connection, PendingIntent intent, string id)
    {
        if (run.Trigger is not { OnlyWhenChanged: true, Connection: { } source } trigger || id != run.Event.RecordId) return;
        if (trigger.Entity?.Name != write.Entity.Name || run.Connection(source).Realm != connection.Realm) return;
        foreach (var (path, value) in intent.Fields) run.State.Echo[path] = Hash(value);
    }

    /// <summary>True when no field the flow reads has changed, or all equal what was read or written last.</summary>
    public static bool IsUnchanged(PlanTrigger trigger, KeyState? remembered, string memoryOf, string record, object? value)
    {
        if (remembered is null || remembered.MemoryOf != memoryOf) return false;
        if (trigger.Reads.Count == 0) return Same(remembered, trigger, record, Whole, value);
        foreach (var path in trigger.Reads)
        {
            if (!Same(remembered, trigger, record, path, RecordPath.Read(value, path))) return false;
        }

        return true;
    }

    /// <summary>What is remembered after a run that ended well.</summary>
    public static Dictionary<string, string> After(PlanTrigger trigger, KeyState? remembered, string memoryOf, string record, object? value, RunState state)
    {
        var memory = remembered is not null && remembered.MemoryOf == memoryOf ? new Dictionary<string, string>(remembered.Memory) : [];
        if (trigger.Reads.Count == 0)
        {
            memory[Key(trigger, record, Whole)] = Hash(Without(value, trigger.Entity?.VersionField));
            return memory;
        }

        foreach (var path in trigger.Reads)
        {
            var key = Key(trigger, record, path);
            memory[key] = Hash(RecordPath.Read(value, path));
            if (state.Echo.TryGetValue(path, out var written)) memory[key + WrittenMark] = written;
            else memory.Remove(key + WrittenMark);
        }

        return memory;
    }

    private static bool Same(KeyState remembered, PlanTrigger trigger, string record, string path, object? value)
    {
        var key = Key(trigger, record, path);
        if (!remembered.Memory.TryGetValue(key, out var read)) return false;
        var hash = Hash(path == Whole ? Without(value, trigger.Entity?.VersionField) : value);
        return hash == read || (remembered.Memory.TryGetValue(key + WrittenMark, out var written) && hash == written);
    }

    private static string Key(PlanTrigger trigger, string record, string path) => $"{trigger.Entity?.Name}/{record}/{path}";

    private static object? Without(object? value, string? field)
    {
        if (field is null || value is not IReadOnlyDictionary<string, object?> record || !record.ContainsKey(field)) return value;
        var rest = new Dictionary<string, object?>(record);
        rest.Remove(field);
        return rest;
    }

    private static string Hash(object? value)
    {
        if (FieldValues.IsEmpty(value)) return "0";
        var writer = ValueWriter.Rent();
        writer.Value(value);
        var hash = 14695981039346656037UL;
        foreach (var part in writer.Written)
        {
            hash ^= part;
            hash *= 1099511628211UL;
        }

        writer.Release();

        return hash.ToString("x", System.Globalization.CultureInfo.InvariantCulture);
    }
}
