namespace WorkflowEngine.Simulators.ServiceTitan;

/// <summary>Reads a body by its members: every fault is collected, unknown properties are dropped, an id that names nothing is a fault.</summary>
internal static class RecordBody
{
    /// <summary>The values given. A null is a value of its own where the member may be null, else it counts as left out.</summary>
    public static Dictionary<string, object?> Read(TenantState state, BodyReader body, IReadOnlyList<Member> members)
    {
        var values = new Dictionary<string, object?>();
        foreach (var member in members)
        {
            if (!member.Required && (!body.Has(member.Name) || (body.IsNull(member.Name) && !member.Null)))
            {
                continue;
            }

            var value = Value(state, body, member);
            if (value is not null || (member.Null && body.IsNull(member.Name)))
            {
                values[member.Name] = value;
            }
        }

        return values;
    }

    private static object? Value(TenantState state, BodyReader body, Member member)
    {
        switch (member.Kind)
        {
            case MemberKind.Id:
                var id = body.Integer(member.Name, member.Required);
                if (id is { } named && member.Of is { } kind && !state.Exists(kind, named))
                {
                    body.Fault(member.Name, $"There is no record {named} of {kind}.");
                }

                return id;
            case MemberKind.Integer:
                return body.Integer(member.Name, member.Required);
            case MemberKind.Decimal or MemberKind.Money:
                return body.Decimal(member.Name, member.Required);
            case MemberKind.Real:
                return (double?)body.Decimal(member.Name, member.Required);
            case MemberKind.Flag:
                return body.Flag(member.Name, member.Required);
            case MemberKind.Time:
                return body.Instant(member.Name, member.Required);
            case MemberKind.Text:
                return member.Choices.Count > 0 ? body.OneOf(member.Name, member.Required, [.. member.Choices]) : body.Text(member.Name, member.Required);
            case MemberKind.Object:
                return body.Object(member.Name, member.Required) is { } inner ? Read(state, inner, member.Members) : null;
            case MemberKind.List when member.Item!.Kind is MemberKind.Object:
                return body.Objects(member.Name, member.Required)?.Select(item => (object?)Read(state, item, member.Item.Members)).ToList();
            case MemberKind.List when member.Item!.Kind is MemberKind.Id:
                var ids = body.Integers(member.Name, member.Required);
                if (ids is not null && member.Item.Of is { } of && ids.Where(i => !state.Exists(of, i)).ToList() is { Count: > 0 } unknown)
                {
                    body.Fault(member.Name, $"There is no record {string.Join(", ", unknown)} of {of}.");
                }

                return ids?.Select(i => (object?)i).ToList();
            case MemberKind.List:
                var texts = body.Texts(member.Name, member.Required);
                if (texts is not null && member.Item.Choices.Count > 0 && texts.Except(member.Item.Choices).ToList() is { Count: > 0 } others)
                {
                    body.Fault(member.Name, $"Error converting value \"{others[0]}\".");
                }

                return texts?.Select(t => (object?)t).ToList();
            default:
                throw new InvalidOperationException($"A body holds no {member.Kind}.");
        }
    }
}
