using System.Buffers.Binary;
using System.Text;
using WorkflowEngine.Abstractions;

namespace WorkflowEngine.Runtime;

/// <summary>Writes values of the engine's closed set exactly: a tag and its bytes. What is written is read back equal, scale and all.</summary>
public sealed class ValueWriter
{
    private const int FirstRoom = 8 * 1024;
    private const int MostKept = 64 * 1024;

    [ThreadStatic]
    private static ValueWriter? _spare;

    private byte[] _buffer = new byte[FirstRoom];
    private int _length;

    private ValueWriter()
    {
    }

    /// <summary>A writer of this thread, used again after <see cref="Finish"/>: states are written many times a second.</summary>
    public static ValueWriter Rent()
    {
        var writer = _spare ?? new ValueWriter();
        _spare = null;
        writer._length = 0;
        return writer;
    }

    /// <summary>The bytes; the writer is not to be used any more.</summary>
    public byte[] Finish()
    {
        var bytes = _buffer.AsSpan(0, _length).ToArray();
        Release();
        return bytes;
    }

    /// <summary>The writer is not to be used any more.</summary>
    public void Release()
    {
        if (_buffer.Length <= MostKept) _spare = this;
    }

    public int Length => _length;

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    public void Byte(byte value)
    {
        Ensure(1);
        _buffer[_length++] = value;
    }

    public void Bool(bool value) => Byte(value ? (byte)1 : (byte)0);

    /// <summary>A variable-length whole number, small ones small.</summary>
    public void Long(long value)
    {
        var bits = (ulong)((value << 1) ^ (value >> 63));
        Ensure(10);
        while (bits >= 0x80)
        {
            _buffer[_length++] = (byte)(bits | 0x80);
            bits >>= 7;
        }

        _buffer[_length++] = (byte)bits;
    }

    public void Text(string value)
    {
        var bytes = Encoding.UTF8.GetByteCount(value);
        Long(bytes);
        Ensure(bytes);
        _length += Encoding.UTF8.GetBytes(value, _buffer.AsSpan(_length));
    }

    public void OptionalText(string? value)
    {
        Bool(value is not null);
        if (value is not null) Text(value);
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Long(value.Length);
        Ensure(value.Length);
        value.CopyTo(_buffer.AsSpan(_length));
        _length += value.Length;
    }

    public void Time(DateTimeOffset value) => Long(value.UtcTicks);

    public void OptionalTime(DateTimeOffset? value)
    {
        Bool(value is not null);
        if (value is { } time) Time(time);
    }

    public void Texts(IReadOnlyList<string> values)
    {
        Long(values.Count);
        foreach (var value in values) Text(value);
    }

    /// <summary>The value is that of an earlier slot.</summary>
    public void Same(int slot)
    {
        Byte((byte)ValueTag.Same);
        Long(slot);
    }

    public void Value(object? value)
    {
        switch (value)
        {
            case null:
                Byte((byte)ValueTag.Null);
                break;
            case string text:
                Byte((byte)ValueTag.Text);
                Text(text);
                break;
            case bool flag:
                Byte((byte)(flag ? ValueTag.True : ValueTag.False));
                break;
            case long whole:
                Byte((byte)ValueTag.Long);
                Long(whole);
                break;
            case int whole:
                Byte((byte)ValueTag.Long);
                Long(whole);
                break;
            case double number:
                Byte((byte)ValueTag.Double);
                Ensure(8);
                BinaryPrimitives.WriteDoubleLittleEndian(_buffer.AsSpan(_length), number);
                _length += 8;
                break;
            case decimal exact:
                Byte((byte)ValueTag.Decimal);
                Span<int> parts = stackalloc int[4];
                decimal.GetBits(exact, parts);
                foreach (var part in parts) Long(part);
                break;
            case DateOnly day:
                Byte((byte)ValueTag.Date);
                Long(day.DayNumber);
                break;
            case DateTimeOffset instant:
                Byte((byte)ValueTag.Instant);
                Time(instant);
                break;
            case TimeSpan duration:
                Byte((byte)ValueTag.Duration);
                Long(duration.Ticks);
                break;
            case IReadOnlyDictionary<string, object?> record:
                Byte((byte)ValueTag.Record);
                Record(record);
                break;
            case IReadOnlyList<object?> list:
                Byte((byte)ValueTag.List);
                Long(list.Count);
                foreach (var item in list) Value(item);
                break;
            case ParentReference parent:
                Byte((byte)ValueTag.Parent);
                Text(parent.Entity);
                Text(parent.By);
                Value(parent.Value);
                break;
            default:
                throw new InvalidOperationException($"A {value.GetType().Name} is no value of the engine.");
        }
    }

    public void Record(IReadOnlyDictionary<string, object?> record)
    {
        Long(record.Count);
        foreach (var (name, value) in record)
        {
            Text(name);
            Value(value);
        }
    }

    private void Ensure(int more)
    {
        if (_length + more > _buffer.Length) Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + more));
    }
}
