using System.Globalization;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;

namespace WorkflowEngine.ServiceTitan;

/// <summary>One list call and the filters that were sent with it, to be checked against what comes back.</summary>
internal sealed record ListCall(IReadOnlyDictionary<string, string> Query, IReadOnlyList<SentFilter> Sent, int PageSize)
{
    /// <summary>Equal calls of several askers are made once.</summary>
    public string Key { get; } = string.Join('&', Query.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => p.Key + "=" + p.Value));
}

/// <summary>A filter as it was sent.</summary>
internal sealed record SentFilter(FieldCondition Condition, bool Loose);

/// <summary>How a batch is read: calls all askers share, or calls of each asker.</summary>
internal sealed record ReadPlan
{
    public IReadOnlyList<ListCall> Shared { get; init; } = [];

    public IReadOnlyList<IReadOnlyList<ListCall>> PerAsker { get; init; } = [];

    /// <summary>Ids to be fetched one by one.</summary>
    public IReadOnlyList<string> Single { get; init; } = [];

    /// <summary>The whole list is read; ids that are asked for.</summary>
    public IReadOnlyList<string>? Whole { get; init; }
}

/// <summary>Turns conditions into list calls: ids and other lists of values in 50s shared by all askers, else filters per asker.</summary>
internal sealed class ReadPlanner(Session session, EntityAccess access, ReadBatch batch)
{
    private const int MostValues = 50;
    private const int SharedPage = 1000;

    private EntityWire Wire => access.Wire;

    private bool Inactive { get; } = WantsInactive(access, batch);

    /// <summary>Rows the vendor hides are wanted: asked for, or the condition names the field that says so.</summary>
    public static bool WantsInactive(EntityAccess access, ReadBatch batch) =>
        batch.IncludeInactive || (access.Entity.ActiveField is { } field && batch.Conditions.Any(c => Names(c, field)));

    public static string AllRows(string parameter) => parameter == "activeState" ? "All" : "Any";

    public Outcome<ReadPlan> Plan()
    {
        if (Wire.Whole) return new ReadPlan { Whole = [.. Values(access.Entity.IdField)] };
        var required = RowDistribution.Required(batch.Conditions[0]).ToList();
        if (required.Exists(c => c.Path == access.Entity.IdField && c.Operator == Comparison.In) && Wire.Id.Count == 0)
        {
            var ids = Valid(Values(access.Entity.IdField), access.Entity.IdField);
            if (Wire.Ids is { } parameter) return new ReadPlan { Shared = Chunks(access.Entity.IdField, ids, parameter, MostValues) };
            if (Wire.Get) return new ReadPlan { Single = ids };
        }

        if (required.FirstOrDefault(c => c.Operator == Comparison.In && c.Path.StartsWith("external.", StringComparison.Ordinal) && Wire.External) is { } external) return External(external.Path);
        if (required.FirstOrDefault(c => c.Operator == Comparison.In && Wire.Filters.GetValueOrDefault(c.Path) is { Many: not null, Repeat: false }) is { } many)
        {
            return new ReadPlan { Shared = Chunks(many.Path, Valid(Values(many.Path), many.Path), Wire.Filters[many.Path].Many!, SharedPage) };
        }

        return new ReadPlan { PerAsker = [.. batch.Conditions.Select(c => (IReadOnlyList<ListCall>)[.. Alternatives(c).SelectMany(Calls)])] };
    }

    /// <summary>The condition speaks of this path somewhere.</summary>
    public static bool Names(Condition condition, string path) => condition switch
    {
        FieldCondition one => one.Path == path,
        AllOf all => all.Parts.Any(p => Names(p, path)),
        AnyOf any => any.Parts.Any(p => Names(p, path)),
        _ => false,
    };

    private static IEnumerable<Condition> Alternatives(Condition condition) => condition is AnyOf any ? any.Parts.SelectMany(Alternatives) : [condition];

    private IEnumerable<string> Values(string path) =>
        batch.Conditions.SelectMany(RowDistribution.Required).Where(c => c.Path == path && c.Operator == Comparison.In).SelectMany(c => c.Values).Select(Text).Distinct(StringComparer.Ordinal);

    // A value the field cannot hold finds nothing; sent, it would be a 400 for everybody.
    private List<string> Valid(IEnumerable<string> values, string path) =>
        [.. values.Where(v => RecordPath.Field(access.Entity.Fields, path)?.Type is not { Kind: FieldKind.Id, NumberOnWire: true } || (v.Length <= 19 && v.All(char.IsAsciiDigit)))];

    private List<ListCall> Chunks(string path, List<string> values, string parameter, int pageSize) =>
        [.. values.Where(v => !v.Contains(',', StringComparison.Ordinal)).Chunk(MostValues).Select(chunk =>
        {
            var query = Base();
            query[parameter] = string.Join(',', chunk);
            return new ListCall(query, [new SentFilter(new FieldCondition(path, Comparison.In, chunk), Loose: false)], pageSize);
        })];

    private Outcome<ReadPlan> External(string path)
    {
        if (session.Settings.ApplicationGuid is null) return new OperationError(ErrorKind.Misconfigured, "applicationGuid", $"{path} needs the connection's setting applicationGuid.") { NotExecuted = true };
        return new ReadPlan
        {
            Shared = [.. Values(path).Chunk(MostValues).Select(chunk =>
            {
                var query = Base();
                query["externalDataKey"] = path["external.".Length..];
                query["externalDataValues"] = string.Join(',', chunk.Select(ExternalText.ToWire));
                return new ListCall(query, [new SentFilter(new FieldCondition(path, Comparison.In, chunk), Loose: false)], SharedPage);
            })],
        };
    }

    private IEnumerable<ListCall> Calls(Condition condition)
    {
        var query = Base();
        var sent = new List<SentFilter>();
        (FilterWire Filter, FieldCondition Condition, List<string> Values)? several = null;
        foreach (var one in RowDistribution.Required(condition).Concat(FromId(condition)))
        {
            if (one.Operator == Comparison.In && one.Values.Count == 0) yield break;
            if (Wire.Filters.GetValueOrDefault(one.Path) is not { Hidden: false } filter) continue;
            if (one.Operator == Comparison.In)
            {
                var values = Valid(one.Values.Select(Text).Distinct(), one.Path);
                if (values.Count == 0) yield break;
                if (filter.Many is { } many && !filter.Repeat && values.Count <= MostValues && !query.ContainsKey(many)) Send(many, string.Join(',', values), one, filter.Loose);
                else if ((filter.Eq ?? filter.Many) is { } single && values.Count == 1 && !query.ContainsKey(single)) Send(single, values[0], one, filter.Loose);
                else if (filter.Eq is not null && several is null) several = (filter, one, values);
            }
            else if (one.Values.Count == 1)
            {
                Range(one, filter);
            }
        }

        var pageSize = Math.Clamp(batch.RowCap + 1, 50, SharedPage);
        if (several is not { } each)
        {
            yield return new ListCall(query, sent, pageSize);
            yield break;
        }

        foreach (var value in each.Values)
        {
            yield return new ListCall(new Dictionary<string, string>(query) { [each.Filter.Eq!] = value }, [.. sent, new SentFilter(each.Condition with { Values = [value] }, each.Filter.Loose)], pageSize);
        }

        void Send(string parameter, string value, FieldCondition condition, bool loose)
        {
            query[parameter] = value;
            sent.Add(new SentFilter(condition, loose));
        }

        void Range(FieldCondition one, FilterWire filter)
        {
            var (parameter, meant) = one.Operator switch
            {
                Comparison.Greater => filter.Gt is { } gt ? (gt, Comparison.Greater) : (filter.Gte, Comparison.GreaterOrEqual),
                Comparison.GreaterOrEqual => (filter.Gte, Comparison.GreaterOrEqual),
                Comparison.Less => filter.Lt is { } lt ? (lt, Comparison.Less) : (filter.Lte, Comparison.LessOrEqual),
                Comparison.LessOrEqual => (filter.Lte, Comparison.LessOrEqual),
                _ => (null, one.Operator),
            };
            if (parameter is null || query.ContainsKey(parameter)) return;
            // "paidOnAfter" does not say whether it includes its moment: a second earlier includes it for certain.
            var shift = parameter.EndsWith("After", StringComparison.Ordinal) && !parameter.EndsWith("OrAfter", StringComparison.Ordinal) ? TimeSpan.FromSeconds(-1) : TimeSpan.Zero;
            Send(parameter, RangeText(one.Values[0], shift), one with { Operator = meant }, loose: false);
        }
    }

    // Where the vendor has no id, ours is made of fields that can be filtered by: technicianId/jobId.
    private IEnumerable<FieldCondition> FromId(Condition condition)
    {
        if (Wire.Id.Count == 0) return [];
        var ids = RowDistribution.Required(condition).FirstOrDefault(c => c.Path == access.Entity.IdField && c.Operator == Comparison.In);
        if (ids is not { Values: [string id] }) return [];
        var parts = id.Split('/');
        var form = Wire.Id.Select(f => f.Split('/')).FirstOrDefault(f => f.Length == parts.Length);
        return form is null ? [] : form.Zip(parts).Select(p => new FieldCondition(p.First, Comparison.In, [p.Second]));
    }

    private Dictionary<string, string> Base()
    {
        var query = session.Query(access);
        if (Wire.Active is { } active) query[active] = Inactive ? AllRows(active) : active == "activeState" ? "ActiveOnly" : "True";
        var order = batch.OrderBy is [var term] && Wire.Sort.Contains(term.Path) ? term : null;
        if (order is not null) query["sort"] = (order.Descending ? "-" : "+") + char.ToUpperInvariant(order.Path[0]) + order.Path[1..];
        else if (Wire.Sort.Contains("id")) query["sort"] = "+Id";
        return query;
    }

    private static string RangeText(object value, TimeSpan shift) => value switch
    {
        DateTimeOffset instant => WireTime.Text(instant + shift),
        DateOnly date => WireTime.Text(new DateTimeOffset(date, TimeOnly.MinValue, TimeSpan.Zero) + shift),
        _ => Text(value),
    };

    private static string Text(object value) => value switch
    {
        string text => text,
        bool yes => yes ? "true" : "false",
        DateTimeOffset instant => WireTime.Text(instant),
        DateOnly date => WireTime.Text(date),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
