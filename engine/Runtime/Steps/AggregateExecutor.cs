using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Runtime;

/// <summary><c>aggregate</c>: reads the records that fit and counts, sums and compares them here.</summary>
internal sealed class AggregateExecutor(StepServices services)
{
    private const char Between = '\u001f';

    public async ValueTask<StepResult> ExecuteAsync(Run run, AggregateInstruction aggregate)
    {
        var state = run.State;
        object?[] values = [];
        if (aggregate.Values is { } mapping)
        {
            var evaluated = await services.Evaluator.EvaluateAsync(mapping, state.Slots, default).ConfigureAwait(false);
            if (evaluated.Fault is { } fault) return StepResult.Of(fault, mapping);
            values = evaluated.Values;
        }

        var condition = Conditions.Build(aggregate.Where, values, out var problem);
        if (problem is not null) return StepResult.Failed(ErrorKind.Rejected, "value", problem);
        IReadOnlyList<IReadOnlyDictionary<string, object?>> rows = [];
        if (condition is not null)
        {
            var connection = run.Connection(aggregate.Connection);
            var summed = await services.Batcher.AggregateAsync(Ask(run, aggregate, connection, condition), default).ConfigureAwait(false);
            if (summed.Outcome.Error is not { Kind: ErrorKind.Misconfigured, Code: "notSupported" })
            {
                if (summed.Outcome.Error is { } refused) return StepResult.Failed(refused, summed.Charged);
                run.Used.Add(connection.Name);
                if (summed.Outcome.Value!.More) return StepResult.Failed(ErrorKind.Rejected, "tooMany", $"There are more than {services.Options.QueryBound} groups of {aggregate.Entity.Name}.");
                return Done(run, aggregate, condition, Typed(aggregate, summed.Outcome.Value.Rows), summed.Outcome.Value.Rows);
            }

            var answer = await services.Batcher.ReadAsync(
                new ReadAsk
                {
                    Connection = connection, Entity = aggregate.Entity.Name, Fields = aggregate.Fields, Condition = condition, RowCap = services.Options.AggregateBound,
                    IncludeInactive = aggregate.IncludeInactive, Priority = state.Priority, Step = aggregate.Step.Name, Timeout = aggregate.Step.Timeout,
                },
                default).ConfigureAwait(false);
            if (answer.Outcome.Error is { } error) return StepResult.Failed(error, answer.Charged);
            run.Used.Add(connection.Name);
            if (answer.Outcome.Value!.More)
            {
                return StepResult.Failed(ErrorKind.Rejected, "tooMany", $"More than {services.Options.AggregateBound} records of {aggregate.Entity.Name} fit; give a narrower where.");
            }

            rows = answer.Outcome.Value.Rows;
        }

        return Done(run, aggregate, condition, Rows(aggregate, rows), rows);
    }

    private static StepResult Done(Run run, AggregateInstruction aggregate, Condition? condition, List<object?> output, IReadOnlyList<IReadOnlyDictionary<string, object?>> read)
    {
        if (aggregate.Step.Output >= 0) run.State.Slots[aggregate.Step.Output] = output;
        Notes.Read(run, aggregate.Step, aggregate.Entity, condition, read);
        run.State.EnterStep(run.State.Counter + 1);
        return StepResult.Done;
    }

    private AggregateAsk Ask(Run run, AggregateInstruction aggregate, BoundConnection connection, Condition condition) => new()
    {
        Connection = connection, Entity = aggregate.Entity.Name, Condition = condition, GroupBy = [.. aggregate.GroupBy.Select(g => g.Path)],
        Columns = [.. aggregate.Lines.Select(l => new AggregateColumn(l.Name, l.Function switch { PlanAggregate.Sum => AggregateFunction.Sum, PlanAggregate.Min => AggregateFunction.Min, _ => AggregateFunction.Max }, l.Path))],
        RowCap = services.Options.QueryBound, IncludeInactive = aggregate.IncludeInactive, Priority = run.State.Priority, Timeout = aggregate.Step.Timeout,
    };

    /// <summary>The vendor's sums in the types and the order of our own.</summary>
    private static List<object?> Typed(AggregateInstruction aggregate, IReadOnlyList<IReadOnlyDictionary<string, object?>> summed)
    {
        var rows = new SortedDictionary<string, object?>(StringComparer.Ordinal);
        foreach (var given in summed)
        {
            var key = "";
            var row = new Dictionary<string, object?> { ["count"] = FieldValues.TryConvert(FieldType.Of(FieldKind.Integer), given.GetValueOrDefault("count"), out var count, out _) ? count : 0L };
            foreach (var term in aggregate.GroupBy)
            {
                row[term.Path] = given.GetValueOrDefault(term.Path);
                key += Between + (FieldComparison.Key(term.Field, row[term.Path]) ?? "");
            }

            foreach (var line in aggregate.Lines)
            {
                var value = given.GetValueOrDefault(line.Name);
                row[line.Name] = FieldValues.TryConvert(line.Field.Type with { Scale = null }, value, out var typed, out _) ? typed : value;
                if (line.Function == PlanAggregate.Sum && row[line.Name] is null) row[line.Name] = Sum(line, []);
            }

            rows[key] = row;
        }

        return [.. rows.Values];
    }

    private static List<object?> Rows(AggregateInstruction aggregate, IReadOnlyList<IReadOnlyDictionary<string, object?>> records)
    {
        var groups = new SortedDictionary<string, List<IReadOnlyDictionary<string, object?>>>(StringComparer.Ordinal);
        if (aggregate.GroupBy.Count == 0) groups[""] = [];
        foreach (var record in records)
        {
            var key = "";
            foreach (var term in aggregate.GroupBy) key += Between + (FieldComparison.Key(term.Field, RecordPath.Read(record, term.Path)) ?? "");
            if (!groups.TryGetValue(key, out var group)) groups[key] = group = [];
            group.Add(record);
        }

        var rows = new List<object?>(groups.Count);
        foreach (var group in groups.Values)
        {
            var row = new Dictionary<string, object?> { ["count"] = (long)group.Count };
            foreach (var term in aggregate.GroupBy) row[term.Path] = RecordPath.Read(group[0], term.Path);
            foreach (var line in aggregate.Lines) row[line.Name] = line.Function == PlanAggregate.Sum ? Sum(line, group) : Extreme(line, group);
            rows.Add(row);
        }

        return rows;
    }

    /// <summary>Exact for money; a whole number for whole numbers.</summary>
    private static object Sum(PlanAggregateLine line, List<IReadOnlyDictionary<string, object?>> records)
    {
        var type = line.Field.Type.Kind == FieldKind.List && line.Field.Type.Item is { } item ? item : line.Field.Type;
        decimal exact = 0;
        long whole = 0;
        double number = 0;
        foreach (var record in records)
        {
            foreach (var value in All(RecordPath.Read(record, line.Path)))
            {
                if (!FieldValues.TryConvert(type with { Scale = null }, value, out var converted, out _)) continue;
                switch (converted)
                {
                    case decimal money: exact += money; break;
                    case long count: whole = checked(whole + count); break;
                    case double real: number += real; break;
                }
            }
        }

        return type.Kind switch
        {
            FieldKind.Decimal => exact,
            FieldKind.Integer => whole,
            FieldKind.Number => number,
            _ => exact != 0 ? exact + whole + (decimal)number : number != 0 ? number + whole : whole,
        };
    }

    private static object? Extreme(PlanAggregateLine line, List<IReadOnlyDictionary<string, object?>> records)
    {
        object? best = null;
        foreach (var record in records)
        {
            foreach (var value in All(RecordPath.Read(record, line.Path)))
            {
                if (FieldValues.IsEmpty(value)) continue;
                if (best is null || (ConditionTest.Compare(value!, best) is { } order && (line.Function == PlanAggregate.Min ? order < 0 : order > 0))) best = value;
            }
        }

        return best;
    }

    private static IEnumerable<object?> All(object? value) => value is IReadOnlyList<object?> list ? list : [value];
}
