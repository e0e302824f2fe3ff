using System.Globalization;
using WorkflowEngine.Simulators.Salesforce.Schema;

namespace WorkflowEngine.Simulators.Salesforce.PubSub;

/// <summary>The header of one event.</summary>
internal sealed record EventHead(IReadOnlyList<string> RecordIds, string ChangeType, string Origin, string Transaction, int Sequence, DateTimeOffset At, long Number, string User);

/// <summary>Writes change events as Avro: whole records for a creation, changed fields for an update, with bitmaps that say which.</summary>
internal static class EventEncoder
{
    public static byte[] Write(EventSchema schema, EventHead head, IReadOnlyDictionary<string, object?> values, IReadOnlyCollection<string>? changed)
    {
        var to = new AvroWriter();
        to.Text(schema.Entity).Texts([.. head.RecordIds]).Long(EventSchema.KindOf(head.ChangeType)).Text(head.Origin).Text(head.Transaction).Long(head.Sequence)
            .Long(head.At.ToUnixTimeMilliseconds()).Long(head.Number).Text(head.User);
        to.Texts(changed is null ? [] : Bitmap(schema, f => changed.Contains(f) && values.GetValueOrDefault(f) is null, wholeCompounds: true));
        to.Texts([]);
        to.Texts(changed is null ? [] : Bitmap(schema, changed.Contains, wholeCompounds: false));
        foreach (var slot in schema.Slots)
        {
            if (slot.Field is { } field)
            {
                Value(to, field, Sent(field));
                continue;
            }

            if (slot.Parts.All(p => Sent(p.Field) is null))
            {
                to.Long(0);
                continue;
            }

            to.Long(slot.Name == "Name" ? 2 : 1);
            foreach (var (_, part) in slot.Parts)
            {
                Value(to, part, Sent(part));
            }
        }

        return to.ToArray();

        object? Sent(FieldDefinition field) => changed is null || changed.Contains(field.Name) ? values.GetValueOrDefault(field.Name) : null;
    }

    private static void Value(AvroWriter to, FieldDefinition field, object? value)
    {
        if (value is null)
        {
            to.Long(0);
            return;
        }

        to.Long(1);
        switch (value)
        {
            case bool flag: to.Flag(flag); break;
            case decimal number when field.Type == "int": to.Long((long)number); break;
            case decimal number: to.Double((double)number); break;
            case DateTimeOffset at: to.Long(at.ToUnixTimeMilliseconds()); break;
            case DateOnly day: to.Long(new DateTimeOffset(day, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeMilliseconds()); break;
            default: to.Text(Convert.ToString(value, CultureInfo.InvariantCulture) ?? ""); break;
        }
    }

    /// <summary>Bits counted from the least significant one; field 0 is the header. Parts of compounds have bitmaps of their own.</summary>
    private static List<string> Bitmap(EventSchema schema, Func<string, bool> includes, bool wholeCompounds)
    {
        List<string> maps = [];
        var top = new List<int>();
        for (var i = 0; i < schema.Slots.Count; i++)
        {
            var slot = schema.Slots[i];
            if (slot.Field is { } field)
            {
                if (includes(field.Name))
                {
                    top.Add(i + 1);
                }

                continue;
            }

            var parts = slot.Parts.Select((p, k) => (p, k)).Where(p => includes(p.p.Field.Name)).Select(p => p.k).ToList();
            if (wholeCompounds && parts.Count == slot.Parts.Count)
            {
                top.Add(i + 1);
            }
            else if (parts.Count > 0)
            {
                maps.Add(string.Create(CultureInfo.InvariantCulture, $"{i + 1}-{Hex(parts)}"));
            }
        }

        if (top.Count > 0)
        {
            maps.Insert(0, Hex(top));
        }

        return maps;
    }

    private static string Hex(List<int> bits)
    {
        var bytes = new byte[(bits.Max() / 8) + 1];
        foreach (var bit in bits)
        {
            bytes[bit / 8] |= (byte)(1 << (bit % 8));
        }

        Array.Reverse(bytes);
        return "0x" + Convert.ToHexString(bytes);
    }
}
