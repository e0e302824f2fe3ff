using System.Buffers.Binary;
using System.Text;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>Reads what <see cref="ValueWriter"/> wrote; throws <see cref="FormatException"/> on anything else.</summary>
public ref struct ValueReader(ReadOnlySpan<byte> bytes)
{
    private const int MostDepth = 128;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;
    private int _depth;

    public readonly bool AtEnd => _at >= _bytes.Length;

    public byte Byte()
    {
        if (_at >= _bytes.Length) throw Broken();
        return _bytes[_at++];
    }

    public bool Bool() => Byte() != 0;

    /// <summary>A value, or that of an earlier slot.</summary>
    public object? ValueOr(ReadOnlySpan<object?> earlier)
    {
        if (AtEnd || _bytes[_at] != (byte)ValueTag.Same) return Value();
        _at++;
        var slot = Long();
        return slot >= 0 && slot < earlier.Length ? earlier[(int)slot] : throw Broken();
    }

    public long Long()
    {
        ulong bits = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var part = Byte();
            bits |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return (long)(bits >> 1) ^ -(long)(bits & 1);
        }

        throw Broken();
    }

    public int Count()
    {
        var count = Long();
        if (count < 0 || count > _bytes.Length - _at) throw Broken();
        return (int)count;
    }

    public string Text()
    {
        var length = Count();
        var text = Encoding.UTF8.GetString(_bytes.Slice(_at, length));
        _at += length;
        return text;
    }

    public string? OptionalText() => Bool() ? Text() : null;

    public byte[] Bytes()
    {
        var length = Count();
        var value = _bytes.Slice(_at, length).ToArray();
        _at += length;
        return value;
    }

    public DateTimeOffset Time() => new(Long(), TimeSpan.Zero);

    public DateTimeOffset? OptionalTime() => Bool() ? Time() : null;

    public List<string> Texts()
    {
        var count = Count();
        var texts = new List<string>(count);
        for (var i = 0; i < count; i++) texts.Add(Text());
        return texts;
    }

    public object? Value()
    {
        if (++_depth > MostDepth) throw Broken();
        object? value;
        switch ((ValueTag)Byte())
        {
            case ValueTag.Null: value = null; break;
            case ValueTag.Text: value = Text(); break;
            case ValueTag.True: value = true; break;
            case ValueTag.False: value = false; break;
            case ValueTag.Long: value = Long(); break;
            case ValueTag.Double:
                if (_at + 8 > _bytes.Length) throw Broken();
                value = BinaryPrimitives.ReadDoubleLittleEndian(_bytes[_at..]);
                _at += 8;
                break;
            case ValueTag.Decimal:
                value = new decimal([(int)Long(), (int)Long(), (int)Long(), (int)Long()]);
                break;
            case ValueTag.Date: value = DateOnly.FromDayNumber((int)Long()); break;
            case ValueTag.Instant: value = Time(); break;
            case ValueTag.Duration: value = TimeSpan.FromTicks(Long()); break;
            case ValueTag.List:
                var count = Count();
                var list = new object?[count];
                for (var i = 0; i < count; i++) list[i] = Value();
                value = list;
                break;
            case ValueTag.Record: value = Record(); break;
            case ValueTag.Parent:
                value = new ParentReference(Text(), Text(), Value() ?? throw Broken());
                break;
            default: throw Broken();
        }

        _depth--;
        return value;
    }

    public Dictionary<string, object?> Record()
    {
        var count = Count();
        var record = new Dictionary<string, object?>(count);
        for (var i = 0; i < count; i++)
        {
            var name = Text();
            record[name] = Value();
        }

        return record;
    }

    private static FormatException Broken() => new("The stored value is cut short or of another format.");
}
