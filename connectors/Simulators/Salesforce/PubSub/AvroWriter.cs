using System.Buffers.Binary;
using System.Text;

namespace WorkflowEngine.Simulators.Salesforce.PubSub;

/// <summary>Avro's binary form: numbers as zigzag varints, texts with their length, no names.</summary>
internal sealed class AvroWriter
{
    private readonly MemoryStream _to = new();

    public byte[] ToArray() => _to.ToArray();

    public AvroWriter Long(long value)
    {
        var rest = (ulong)((value << 1) ^ (value >> 63));
        while (rest > 0x7F)
        {
            _to.WriteByte((byte)(rest | 0x80));
            rest >>= 7;
        }

        _to.WriteByte((byte)rest);
        return this;
    }

    public AvroWriter Text(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        Long(bytes.Length);
        _to.Write(bytes);
        return this;
    }

    public AvroWriter Flag(bool value)
    {
        _to.WriteByte(value ? (byte)1 : (byte)0);
        return this;
    }

    public AvroWriter Double(double value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        _to.Write(bytes);
        return this;
    }

    public AvroWriter Texts(IReadOnlyCollection<string> values)
    {
        if (values.Count > 0)
        {
            Long(values.Count);
            foreach (var value in values)
            {
                Text(value);
            }
        }

        return Long(0);
    }
}
