using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Compilation.Plan;

namespace WorkflowEngine.Compilation;

/// <summary>
/// Names a version by what it does: a hash over the plan without places and titles, so that a comment or a moved line makes no new version.
/// Of entities only the name counts: their fields stand beside each use.
/// </summary>
internal static class PlanHasher
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Properties = new();

    // Said for people, or signed itself.
    private static readonly HashSet<string> Silent = new(StringComparer.Ordinal) { "Title", "Version", "Hash", "PrefixHashes", "Place", "Places", "Description", "EqualityContract", "Entities", "SlotNames", "Drains" };

    public static CompiledFlow Sign(CompiledFlow flow)
    {
        var prefixes = new string[flow.Instructions.Count];
        var before = Hash($"{flow.Id}|{flow.SlotCount}");
        for (var i = 0; i < prefixes.Length; i++)
        {
            var text = new StringBuilder(before);
            Write(flow.Instructions[i], text);
            before = Hash(text.ToString());
            prefixes[i] = before;
        }

        var whole = new StringBuilder();
        Write(flow with { Instructions = [] }, whole);
        return flow with { Hash = Hash(whole.Append(before).ToString()), PrefixHashes = prefixes };
    }

    private static void Write(object? value, StringBuilder to)
    {
        switch (value)
        {
            case null:
                to.Append('~');
                break;
            case string text:
                to.Append('"').Append(text.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
                break;
            case EntityDescriptor entity:
                Write(entity.Name, to);
                break;
            case FieldDescriptor field:
                to.Append(field.Name).Append(field.ExternalId ? 'x' : '-').Append(field.Unique ? 'u' : '-').Append(field.IgnoreCase ? 'i' : '-').Append(field.RequiredOnCreate ? 'r' : '-').Append((int)field.Search);
                Write(field.Type, to);
                break;
            case FieldType type:
                Type(type, to);
                break;
            case PlanMapping mapping:
                Write(mapping.Sources, to);
                Write(mapping.Names, to);
                Write(mapping.Slots, to);
                Write(mapping.SelfName, to);
                Write(mapping.LineNames, to);
                break;
            case PlanFieldLine line:
                to.Append(line.Path).Append('=').Append(line.Value);
                Write(line.Field, to);
                if (line.Reference is not null) Write(line.Reference, to);
                break;
            case IReadOnlyDictionary<string, string> or IReadOnlyDictionary<string, object?>:
                to.Append('<');
                foreach (DictionaryEntry entry in Sorted((IEnumerable)value))
                {
                    Write(entry.Key, to);
                    Write(entry.Value, to);
                }

                to.Append('>');
                break;
            case IEnumerable items:
                to.Append('[');
                foreach (var item in items)
                {
                    Write(item, to);
                    to.Append(',');
                }

                to.Append(']');
                break;
            case IFormattable plain when value.GetType().IsPrimitive || value is Enum or decimal or TimeSpan or DateOnly or DateTimeOffset or Guid:
                to.Append(plain.ToString(null, CultureInfo.InvariantCulture)).Append(';');
                break;
            case bool truth:
                to.Append(truth ? "T" : "F");
                break;
            default:
                to.Append(value.GetType().Name).Append('{');
                foreach (var property in Properties.GetOrAdd(value.GetType(), Read))
                {
                    to.Append(property.Name).Append('=');
                    Write(property.GetValue(value), to);
                }

                to.Append('}');
                break;
        }
    }

    // The types are most of a plan, so they are written by hand.
    private static void Type(FieldType type, StringBuilder to)
    {
        to.Append((int)type.Kind).Append(type.OpenChoices ? 'o' : '-').Append(type.OpenFields ? 'f' : '-').Append(type.NumberOnWire ? 'n' : '-').Append(type.TextOnWire ? 't' : '-');
        if (type.Length is { } length) to.Append('l').Append(length);
        if (type.Scale is { } scale) to.Append('s').Append(scale);
        if (type.Entity is not null) to.Append('e').Append(type.Entity);
        if (type.Choices is not null) Write(type.Choices, to);
        if (type.Item is not null) Write(type.Item, to);
        if (type.Fields.Count > 0) Write(type.Fields, to);
        to.Append(';');
    }

    private static IEnumerable<DictionaryEntry> Sorted(IEnumerable dictionary) => dictionary switch
    {
        IReadOnlyDictionary<string, string> texts => texts.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => new DictionaryEntry(p.Key, p.Value)),
        IReadOnlyDictionary<string, object?> values => values.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => new DictionaryEntry(p.Key, p.Value)),
        _ => [],
    };

    private static PropertyInfo[] Read(Type type) =>
        [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0 && !Silent.Contains(p.Name)).OrderBy(p => p.Name, StringComparer.Ordinal)];

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
}
