using System.Globalization;
using System.Text;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Compilation.Tests;

/// <summary>A plan as lines, so that a test can say what a flow became.</summary>
internal static class PlanText
{
    public static string Of(CompiledFlow flow)
    {
        var text = new StringBuilder();
        foreach (var trigger in flow.Triggers)
        {
            text.Append(CultureInfo.InvariantCulture, $"trigger {trigger.Id}: {trigger.Kind} {trigger.Connection}/{trigger.Entity?.Name}.{trigger.Event?.Name}");
            text.Append(CultureInfo.InvariantCulture, $" fields [{string.Join(" ", trigger.Fields)}] onlyWhenChanged {trigger.OnlyWhenChanged} latestOnly {trigger.LatestOnly}");
            if (trigger.Children.Count > 0) text.Append(CultureInfo.InvariantCulture, $" children [{string.Join(" ", trigger.Children)}]");
            if (trigger.With is { } with) text.Append(CultureInfo.InvariantCulture, $" with {Of(flow, with)}");
            if (trigger.Filter is { } filter) text.Append(CultureInfo.InvariantCulture, $" filter {Of(flow, filter)}");
            text.Append('\n');
        }

        if (flow.Key is { } key) text.Append(CultureInfo.InvariantCulture, $"key {Of(flow, key)}\n");
        text.Append(CultureInfo.InvariantCulture, $"restartable {flow.Restartable}, key is record id {flow.KeyIsRecordId}\n");
        for (var i = 0; i < flow.Instructions.Count; i++)
        {
            var instruction = flow.Instructions[i];
            text.Append(CultureInfo.InvariantCulture, $"{i,3} {instruction.Step.Name}");
            if (instruction.Step.Output >= 0) text.Append(CultureInfo.InvariantCulture, $" → {flow.SlotNames[instruction.Step.Output]}@{instruction.Step.Output}");
            text.Append(": ").Append(Of(flow, instruction));
            foreach (var item in instruction.Step.OnError)
            {
                text.Append(CultureInfo.InvariantCulture, $"\n      on {string.Join("|", item.Kinds)}{string.Join("|", item.Codes)} do {item.Do} then {item.Then}{(item.Again is null ? "" : " again")}");
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Of(CompiledFlow flow, Instruction instruction) => instruction switch
    {
        JumpUnlessInstruction j => $"unless {Of(flow, j.Condition)} go {j.Target} clear [{string.Join(" ", j.Clears)}]",
        JumpInstruction j => $"go {j.Target}",
        ConstantInstruction c => $"const {c.Value}",
        MapInstruction m => $"map {Of(flow, m.Values)}",
        ForEachInstruction f => $"forEach {Of(flow, f.List)} as {f.Item} end {f.End} clear [{string.Join(" ", f.Clears)}] collect {(f.Collect is null ? "-" : Of(flow, f.Collect))}",
        ForEachEndInstruction e => $"next item of {e.Begin}",
        EndInstruction e => $"{e.Kind} {Of(flow, e.Message)}",
        WarnInstruction w => $"warn {Of(flow, w.Message)} if {(w.If is null ? "always" : Of(flow, w.If))}",
        EndHandlerInstruction => "end of handler",
        ReadInstruction r => $"{(r.One ? "lookup" : "query")} {r.Connection}/{r.Entity.Name} [{string.Join(" ", r.Fields)}] where {Of(r.Where)} {Of(flow, r.Values)} else {r.OrElse}{(r.IncludeInactive ? " +inactive" : "")}",
        UpsertInstruction u => $"upsert {u.Entity.Name} rules {string.Join(" / ", u.Rules.Select(x => $"{x.Kind}{(x.VendorUnique ? "!" : "")}{(x.Written ? "" : "?")}"))} set [{Lines(u.Set)}] create [{Lines(u.SetOnCreate)}] update [{Lines(u.SetOnUpdate)}] select [{string.Join(" ", u.Select)}]{(u.Direct ? " direct" : "")} {Of(flow, u.Values)}{(u.UpdateValues is null ? "" : " update " + Of(flow, u.UpdateValues))}",
        CreateInstruction c => $"create {c.Entity.Name} once {c.Once?.Path}={c.Once?.Value}{(c.OnceIsUnique ? "!" : "")} set [{Lines(c.Set)}] {Of(flow, c.Values)}",
        ChangeInstruction c => $"{(c.Delete ? "delete" : "update")} {c.Entity.Name} record {c.Record} where {(c.Where is null ? "-" : Of(c.Where))} set [{Lines(c.Set)}] {Of(flow, c.Values)} else {c.OrElse}{(c.All ? " all" : "")}",
        CallInstruction c => $"call {c.Operation.Name} with [{Lines(c.With)}] {Of(flow, c.Values)}",
        _ => instruction.GetType().Name,
    };

    private static string Of(PlanCondition condition) => condition switch
    {
        PlanField f => $"{f.Path} {f.Operator} ({string.Join(" ", f.Values)})",
        PlanAll a => $"all[{string.Join(", ", a.Parts.Select(Of))}]",
        PlanAny a => $"any[{string.Join(", ", a.Parts.Select(Of))}]",
        _ => "?",
    };

    private static string Lines(IEnumerable<PlanFieldLine> lines) =>
        string.Join(" ", lines.Select(l => $"{l.Path}={l.Value}{(l.Reference is { } r ? $"→{r.Entity}.{r.By.Name}" : "")}"));

    private static string Of(CompiledFlow flow, PlanMapping? mapping) => mapping is null
        ? ""
        : $"«{string.Join(" ; ", mapping.Sources)}» ({string.Join(" ", mapping.Names.Zip(mapping.Slots, (n, s) => $"{n}@{s}"))})";
}
