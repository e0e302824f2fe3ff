using System.Globalization;
using System.Text.Json;

namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>Writes records by the members of their kind.</summary>
internal sealed class RecordJson(TenantState state, bool newer)
{
    public void Write(Utf8JsonWriter w, Record record, bool feed, Guid? application, Func<string, bool>? asked = null)
    {
        var kind = record.Kind;
        w.WriteStartObject();
        foreach (var member in kind.Members.Concat(feed ? kind.FeedMembers : []).Concat(newer ? kind.Newer : []))
        {
            w.WritePropertyName(member.Name);
            if (asked is not null && kind.Included.TryGetValue(member.Name, out var flag) && !asked(flag))
            {
                w.WriteNullValue();
                continue;
            }

            switch (member.Kind)
            {
                case MemberKind.Custom or MemberKind.Named:
                    CustomFields(w, record, member.Kind is MemberKind.Custom);
                    break;
                case MemberKind.External:
                    External(w, record.ExternalData, feed ? null : application);
                    break;
                default:
                    Value(w, member, kind.Value(state, record, member.Name), record.CreatedOn);
                    break;
            }
        }

        w.WriteEndObject();
    }

    /// <summary>Some of a record's members, as answers to writes show them.</summary>
    public void WriteSome(Utf8JsonWriter w, Record record, IReadOnlyList<Member> members)
    {
        w.WriteStartObject();
        foreach (var member in members)
        {
            w.WritePropertyName(member.Name);
            Value(w, member, record.Kind.Value(state, record, member.Name), record.CreatedOn);
        }

        w.WriteEndObject();
    }

    private static void Value(Utf8JsonWriter w, Member member, object? value, DateTimeOffset created)
    {
        if (value is null && member.Default is { } text)
        {
            value = member.Kind switch
            {
                MemberKind.Flag => bool.Parse(text),
                MemberKind.Id or MemberKind.Integer => long.Parse(text, CultureInfo.InvariantCulture),
                MemberKind.Decimal or MemberKind.Money or MemberKind.Real => decimal.Parse(text, CultureInfo.InvariantCulture),
                _ => text,
            };
        }

        if (value is null && member.Null)
        {
            w.WriteNullValue();
            return;
        }

        switch (member.Kind)
        {
            case MemberKind.Id or MemberKind.Integer:
                w.WriteNumberValue(value as long? ?? 0);
                break;
            case MemberKind.Money:
                w.WriteStringValue((value as decimal? ?? 0).ToString("0.00##", CultureInfo.InvariantCulture));
                break;
            case MemberKind.Decimal or MemberKind.Real:
                w.WriteNumberValue(value switch { double real => (decimal)real, long whole => whole, decimal exact => exact, _ => 0m });
                break;
            case MemberKind.Flag:
                w.WriteBooleanValue(value is true);
                break;
            case MemberKind.Time:
                w.WriteStringValue(RowJson.Iso(value as DateTimeOffset? ?? created));
                break;
            case MemberKind.List:
                w.WriteStartArray();
                foreach (var item in value as IEnumerable<object?> ?? [])
                {
                    Value(w, member.Item!, item, created);
                }

                w.WriteEndArray();
                break;
            case MemberKind.Object:
                var inner = value as IReadOnlyDictionary<string, object?> ?? new Dictionary<string, object?>();
                w.WriteStartObject();
                foreach (var part in member.Members)
                {
                    w.WritePropertyName(part.Name);
                    Value(w, part, inner.GetValueOrDefault(part.Name), created);
                }

                w.WriteEndObject();
                break;
            default:
                w.WriteStringValue(value as string ?? (value is long id ? id.ToString(CultureInfo.InvariantCulture) : member.Choices.Count > 0 ? member.Choices[0] : ""));
                break;
        }
    }

    private void CustomFields(Utf8JsonWriter w, Record record, bool typed)
    {
        w.WriteStartArray();
        foreach (var (typeId, value) in record.CustomFields)
        {
            w.WriteStartObject();
            if (typed)
            {
                w.WriteNumber("typeId", typeId);
            }

            w.WriteString("name", state.CustomFieldName(typeId));
            w.WriteString("value", value);
            w.WriteEndObject();
        }

        w.WriteEndArray();
    }

    private static void External(Utf8JsonWriter w, ExternalData data, Guid? application)
    {
        w.WriteStartArray();
        if (application is { } guid)
        {
            foreach (var (key, value) in data.Of(guid))
            {
                w.WriteStartObject();
                w.WriteString("key", key);
                w.WriteString("value", value);
                w.WriteEndObject();
            }
        }

        w.WriteEndArray();
    }
}
