using System.Globalization;
using System.Numerics;
using Avro;

namespace WorkflowEngine.Salesforce.Streams;

/// <summary>Decodes the bitmaps of a change event's header. Bits count from the least significant one; field 0 is the header itself.</summary>
internal static class FieldBitmap
{
    /// <summary>The names a list of bitmaps stands for. An entry <c>4-0x01</c> is about the parts of field 4. What does not fit the schema is left out.</summary>
    public static IReadOnlyList<string> Names(RecordSchema schema, IEnumerable<string> bitmaps)
    {
        var names = new List<string>();
        foreach (var bitmap in bitmaps)
        {
            var dash = bitmap.IndexOf('-', StringComparison.Ordinal);
            if (dash < 0)
            {
                names.AddRange(Bits(bitmap).Where(i => i < schema.Fields.Count).Select(i => schema.Fields[i].Name));
            }
            else if (int.TryParse(bitmap.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var parent) && parent < schema.Fields.Count && Inner(schema.Fields[parent].Schema) is { } inner)
            {
                names.AddRange(Bits(bitmap[(dash + 1)..]).Where(i => i < inner.Fields.Count).Select(i => $"{schema.Fields[parent].Name}.{inner.Fields[i].Name}"));
            }
        }

        return names;
    }

    private static RecordSchema? Inner(Schema schema) => schema as RecordSchema ?? (schema as UnionSchema)?.Schemas.OfType<RecordSchema>().FirstOrDefault();

    private static IEnumerable<int> Bits(string hex)
    {
        // A leading 0 keeps the number positive.
        if (!hex.StartsWith("0x", StringComparison.Ordinal) || !BigInteger.TryParse("0" + hex[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits)) yield break;
        for (var i = 0; bits > 0; i++, bits >>= 1)
        {
            if (!bits.IsEven) yield return i;
        }
    }
}
