using System.Buffers.Binary;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using WorkflowEngine.Simulators.Http;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>Export feeds: every record once, at the place of its latest change, resumed by an opaque token.</summary>
internal sealed class ExportFeeds(TenantState state, SimulatorOptions options)
{
    private const ulong Mask = 0x5A17_C3E9_2B84_D60F;

    private readonly List<(string Feed, DateTimeOffset Due, byte[] Row)> _repeats = [];

    /// <summary>Tells a row once more when this time has passed, as it stands now: behind what is newest, on the last page of whoever asks first.</summary>
    public void Repeat<T>(string feed, T row, TimeSpan after, Action<Utf8JsonWriter, T> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer, row);
        }

        _repeats.Add((feed, state.Now + after, buffer.ToArray()));
    }

    public void Repeat(long id, TimeSpan after, Table<Customer> customers) => Repeat("customers", Known(customers, id), after, (w, c) => RowJson.Customer(w, state, c, null));

    public void Repeat(long id, TimeSpan after, Table<ContactLine> lines) => Repeat("contacts", Known(lines, id), after, (w, l) => RowJson.Line(w, l, "customerId", withActive: true));

    public void Clear() => _repeats.Clear();

    public Answer Customers(SimulatorRequest request) =>
        Page(request, "customers", 1, state.Customers, (w, c) => RowJson.Customer(w, state, c, null));

    public Answer CustomerContacts(SimulatorRequest request) =>
        Page(request, "contacts", 2, state.CustomerContacts, (w, l) => RowJson.Line(w, l, "customerId", withActive: true));

    public Answer Locations(SimulatorRequest request) =>
        Page(request, "locations", 3, state.Locations, (w, l) => RowJson.Location(w, state, l, null, null));

    public Answer LocationContacts(SimulatorRequest request) =>
        Page(request, "locationContacts", 4, state.LocationContacts, (w, l) => RowJson.Line(w, l, "locationId", withActive: true));

    public Answer TagTypes(SimulatorRequest request) => Page(request, "tagTypes", 5, state.TagTypes, RowJson.Tag);

    public Answer Records(SimulatorRequest request, RecordSet table, byte feed, Action<Utf8JsonWriter, Record> write)
    {
        // The two feeds whose kinds have the parameter.
        var active = table.Kind.Name is "appointments" or "assignments" ? new ListQuery(request).Active(showsAll: true) : null;
        return Page(request, table.Kind.Name, feed, table.Rows, write, active is null ? null : r => r.Active == active);
    }

    private Answer Page<T>(SimulatorRequest request, string name, byte feed, Table<T> table, Action<Utf8JsonWriter, T> write, Func<T, bool>? passes = null)
        where T : Row
    {
        request.Kind = $"export.{name}";
        var recent = new ListQuery(request).Flag("includeRecentChanges");
        var (after, floor) = Start(request.Value("from"), feed);
        var now = state.Now;
        List<T> rows = [];
        var more = false;
        foreach (var row in table.FeedAfter(after, now))
        {
            // Without the flag the newest changes are held back; the feed stays in order, so it ends before the first of them.
            if (!recent && row.ChangedAt > now - options.FeedDelay)
            {
                break;
            }

            if (row.ModifiedOn < floor || passes?.Invoke(row) == false)
            {
                continue;
            }

            if (rows.Count == options.FeedPageSize)
            {
                more = true;
                break;
            }

            rows.Add(row);
        }

        List<byte[]> repeats = more ? [] : [.. _repeats.Where(r => r.Feed == name && r.Due <= now).Select(r => r.Row)];
        if (repeats.Count > 0)
        {
            _repeats.RemoveAll(r => r.Feed == name && r.Due <= now);
        }

        request.Rows = rows.Count + repeats.Count;
        // With the flag the last page's token stays before the rows that are still young: they come again.
        var settled = !recent || more ? rows.Count : rows.TakeWhile(r => r.ChangedAt <= now - options.FeedRepeatWindow).Count();
        var next = Token(feed, settled == 0 ? after : rows[settled - 1].Sequence, floor);
        return Answer.Json(200, w =>
        {
            w.WriteStartObject();
            w.WriteBoolean("hasMore", more);
            w.WriteString("continueFrom", next);
            w.WriteStartArray("data");
            rows.ForEach(r => write(w, r));
            repeats.ForEach(r => w.WriteRawValue(r));
            w.WriteEndArray();
            w.WriteEndObject();
        });
    }

    private static T Known<T>(Table<T> table, long id)
        where T : Row => table.Find(id) ?? throw new ArgumentException($"There is no record {id}.", nameof(id));

    private static (long After, DateTimeOffset Floor) Start(string? from, byte feed)
    {
        if (from is null)
        {
            return (0, DateTimeOffset.MinValue);
        }

        if (ListQuery.TryInstant(from, out var date))
        {
            return (0, date);
        }

        try
        {
            var bytes = WebEncoders.Base64UrlDecode(from);
            if (bytes.Length == 18 && bytes[0] == feed && bytes[17] == Check(bytes))
            {
                var after = (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(1)) ^ Mask);
                var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(9));
                if (after >= 0 && after < long.MaxValue && ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks)
                {
                    return (after, new DateTimeOffset(ticks, TimeSpan.Zero));
                }
            }
        }
        catch (FormatException)
        {
            // Answered below, like every other text that is no token.
        }

        throw ServiceTitanErrors.Invalid("from", "The value is neither a continuation token of this feed nor a date.");
    }

    private static string Token(byte feed, long after, DateTimeOffset floor)
    {
        var bytes = new byte[18];
        bytes[0] = feed;
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(1), (ulong)after ^ Mask);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(9), floor.UtcTicks);
        bytes[17] = Check(bytes);
        return WebEncoders.Base64UrlEncode(bytes);
    }

    private static byte Check(byte[] bytes)
    {
        byte sum = 0x3C;
        foreach (var b in bytes.AsSpan(0, 17))
        {
            sum = (byte)((sum * 31) ^ b);
        }

        return sum;
    }
}
