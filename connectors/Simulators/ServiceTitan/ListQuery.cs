using System.Globalization;
using System.Text.Json;
using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>Paging, sorting and the filters all lists share. Unknown parameters are ignored, as the vendor ignores them.</summary>
internal sealed class ListQuery
{
    /// <summary>The vendor's largest page.</summary>
    private const int LargestPage = 5_000;

    private readonly SimulatorRequest _request;

    public ListQuery(SimulatorRequest request)
    {
        _request = request;
        Page = Number("page", 1, int.MaxValue);
        PageSize = Math.Min(Number("pageSize", 50, int.MaxValue), LargestPage);
        IncludeTotal = Flag("includeTotal");
    }

    public int Page { get; }

    public int PageSize { get; }

    public bool IncludeTotal { get; }

    public string? Text(string name) => _request.Value(name);

    public bool Flag(string name)
    {
        var text = Text(name);
        return text is not null && (bool.TryParse(text, out var value) ? value : throw Invalid(name, text));
    }

    public DateTimeOffset? Instant(string name)
    {
        var text = Text(name);
        return text is null ? null : TryInstant(text, out var value) ? value : throw Invalid(name, text);
    }

    public Guid? Guid(string name)
    {
        var text = Text(name);
        return text is null ? null : System.Guid.TryParse(text, out var value) ? value : throw Invalid(name, text);
    }

    public long? Integer(string name)
    {
        var text = Text(name);
        return text is null ? null : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : throw Invalid(name, text);
    }

    /// <summary>A comma-separated list of ids, at most 50.</summary>
    public HashSet<long>? Ids(string name)
    {
        var text = Text(name);
        if (text is null)
        {
            return null;
        }

        var parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length > 50)
        {
            throw ServiceTitanErrors.Invalid(name, "The list cannot have more than 50 items.");
        }

        return [.. parts.Select(p => long.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : throw Invalid(name, text))];
    }

    /// <summary>All values of a parameter that may repeat.</summary>
    public IReadOnlyList<string> All(string name) => _request.Query.TryGetValue(name, out var values) ? [.. values.OfType<string>().Where(v => v.Length > 0)] : [];

    /// <summary><c>ActiveOnly</c>, <c>InactiveOnly</c>, or null for <c>All</c>.</summary>
    public bool? ActiveState(bool showsAll) => Text("activeState") is not { } text ? (showsAll ? null : true) : text.ToUpperInvariant() switch
    {
        "ACTIVEONLY" => true,
        "INACTIVEONLY" => false,
        "ALL" => null,
        _ => throw Invalid("activeState", text),
    };

    /// <summary>True, False, or null for Any; without the parameter True, on some lists everything.</summary>
    public bool? Active(bool showsAll = false) => Text("active") is not { } text ? (showsAll ? null : true) : text.ToUpperInvariant() switch
    {
        "TRUE" => true,
        "FALSE" => false,
        "ANY" => null,
        _ => throw Invalid("active", text),
    };

    public IEnumerable<T> ByDates<T>(IEnumerable<T> rows, Func<T, DateTimeOffset>? modified = null)
        where T : Row
    {
        var (createdFrom, createdBefore) = (Instant("createdOnOrAfter"), Instant("createdBefore"));
        var (modifiedFrom, modifiedBefore) = (Instant("modifiedOnOrAfter"), Instant("modifiedBefore"));
        return rows.Where(r => (createdFrom is null || r.CreatedOn >= createdFrom) && (createdBefore is null || r.CreatedOn < createdBefore)
            && (modifiedFrom is null || Modified(r) >= modifiedFrom) && (modifiedBefore is null || Modified(r) < modifiedBefore));

        DateTimeOffset Modified(T row) => modified?.Invoke(row) ?? row.ModifiedOn;
    }

    public IEnumerable<T> Sorted<T>(IEnumerable<T> rows)
        where T : Row
    {
        var sort = Text("sort")?.Trim();
        if (sort is null)
        {
            return rows;
        }

        // An unencoded plus arrives as a blank and is trimmed away above: ascending all the same.
        var descending = sort.StartsWith('-');
        return (sort.TrimStart('+', '-').ToUpperInvariant(), descending) switch
        {
            ("ID", false) => rows.OrderBy(r => r.Id),
            ("ID", true) => rows.OrderByDescending(r => r.Id),
            ("CREATEDON", false) => rows.OrderBy(r => r.CreatedOn),
            ("CREATEDON", true) => rows.OrderByDescending(r => r.CreatedOn),
            ("MODIFIEDON", false) => rows.OrderBy(r => r.ModifiedOn),
            ("MODIFIEDON", true) => rows.OrderByDescending(r => r.ModifiedOn),
            _ => throw ServiceTitanErrors.Invalid("sort", $"The value '{sort}' is not valid for Sort."),
        };
    }

    public Answer Envelope<T>(IEnumerable<T> rows, Action<Utf8JsonWriter, T> write)
    {
        var all = rows as IReadOnlyCollection<T> ?? [.. rows];
        var skip = (long)(Page - 1) * PageSize;
        var page = skip >= all.Count ? [] : all.Skip((int)skip).Take(PageSize).ToList();
        _request.Rows = page.Count;
        return Answer.Json(200, w =>
        {
            w.WriteStartObject();
            w.WriteNumber("page", Page);
            w.WriteNumber("pageSize", PageSize);
            w.WriteBoolean("hasMore", skip + page.Count < all.Count);
            if (IncludeTotal)
            {
                w.WriteNumber("totalCount", all.Count);
            }
            else
            {
                w.WriteNull("totalCount");
            }

            w.WriteStartArray("data");
            foreach (var row in page)
            {
                write(w, row);
            }

            w.WriteEndArray();
            w.WriteEndObject();
        });
    }

    public static bool TryInstant(string text, out DateTimeOffset value) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out value)
        && text.Length >= 10 && text[4] == '-';

    private int Number(string name, int otherwise, int largest)
    {
        var text = Text(name);
        return text is null ? otherwise
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= 1 && value <= largest ? value
            : throw Invalid(name, text);
    }

    private static Refusal Invalid(string name, string text) =>
        ServiceTitanErrors.Invalid(name, $"The value '{text}' is not valid for {char.ToUpperInvariant(name[0])}{name[1..]}.");
}
