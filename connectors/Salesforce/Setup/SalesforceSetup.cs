using System.Buffers;
using System.Net.Http.Headers;
using System.Text.Json;
using WorkflowEngine.Abstractions;
using WorkflowEngine.Connectors.Http;
using WorkflowEngine.Salesforce.Errors;
using WorkflowEngine.Salesforce.Setup;
using WorkflowEngine.Salesforce.Soql;

namespace WorkflowEngine.Salesforce;

/// <summary>Fields by the Tooling API, and their permissions, because a new field is invisible to everybody.</summary>
internal sealed class SalesforceSetup(SalesforceConnection connection) : IOrgSetup
{
    /// <inheritdoc/>
    public async Task<Outcome<IReadOnlyList<SetupGap>>> MissingAsync(IReadOnlyList<EntityDescriptor> required, CancellationToken cancellationToken)
    {
        var gaps = new List<SetupGap>();
        foreach (var entity in required)
        {
            var described = await connection.DescribeAsync(entity.Name, cancellationToken).ConfigureAwait(false);
            if (described.Succeeded)
            {
                foreach (var field in entity.Fields) gaps.AddRange(Gaps(entity.Name, field, described.Value.Field(field.Name)));
            }
            else if (described.Error is { Code: "NOT_FOUND" or "INVALID_TYPE" })
            {
                gaps.Add(new SetupGap(entity.Name, null, SetupGapKind.Object, $"The object {entity.Name} does not exist or the user may not see it. Create it in Setup, or give the user access."));
            }
            else
            {
                return described.Error!;
            }
        }

        return gaps;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Outcome<SetupGap>>> CreateAsync(IReadOnlyList<SetupGap> gaps, CancellationToken cancellationToken)
    {
        var outcomes = new List<Outcome<SetupGap>>(gaps.Count);
        foreach (var gap in gaps)
        {
            outcomes.Add(gap.CanCreate && SoqlName.IsName(gap.Entity) && SoqlName.IsName(gap.Field!.Name)
                ? await CreateFieldAsync(gap, cancellationToken).ConfigureAwait(false)
                : new OperationError(ErrorKind.Misconfigured, "setup", "This cannot be created from outside: " + gap.Message) { NotExecuted = true });
        }

        return outcomes;
    }

    /// <inheritdoc/>
    public async Task<OperationError?> GrantAsync(string permissionSet, IReadOnlyList<SetupGap> fields, CancellationToken cancellationToken)
    {
        if (!SoqlName.IsName(permissionSet)) return new OperationError(ErrorKind.Bug, "name", $"'{permissionSet}' is no name of a permission set.") { NotExecuted = true };
        if (connection.UserId is not { } user) return new OperationError(ErrorKind.Misconfigured, "user", "The token's answer does not name the user.") { NotExecuted = true };
        var found = await connection.ReadAsync(
            new ReadBatch { Entity = "PermissionSet", Fields = ["Name"], Conditions = [new FieldCondition("Name", Comparison.In, [permissionSet])] }, cancellationToken).ConfigureAwait(false);
        if ((found.CallError ?? found.Items[0].Error) is { } unread) return unread;
        var set = found.Items[0].Value!.Rows.Select(r => r.GetValueOrDefault("Id") as string).FirstOrDefault();
        if (set is null)
        {
            var made = await WriteAsync("PermissionSet", [new() { ["Name"] = permissionSet, ["Label"] = permissionSet.Replace('_', ' ') }], cancellationToken).ConfigureAwait(false);
            if (made.Error is { } error) return error;
            set = made.Value!;
        }

        var permissions = fields.Where(g => g.Field is not null).Select(g => new Dictionary<string, object?>
        {
            ["ParentId"] = set, ["SobjectType"] = g.Entity, ["Field"] = $"{g.Entity}.{g.Field!.Name}", ["PermissionsRead"] = true, ["PermissionsEdit"] = true,
        });
        var granted = await WriteAsync("FieldPermissions", [.. permissions], cancellationToken).ConfigureAwait(false);
        if (granted.Error is { } refused) return refused;
        // What a user may see does not change when the object was changed last: it is asked anew.
        foreach (var entity in fields.Select(g => g.Entity).Distinct(StringComparer.Ordinal)) connection.Forget(entity);
        return (await WriteAsync("PermissionSetAssignment", [new() { ["AssigneeId"] = user, ["PermissionSetId"] = set }], cancellationToken).ConfigureAwait(false)).Error;
    }

    /// <summary>Creates rows; what exists already is as good as made.</summary>
    private async Task<Outcome<string>> WriteAsync(string entity, List<Dictionary<string, object?>> rows, CancellationToken cancellationToken)
    {
        if (rows.Count == 0) return "";
        var answer = await connection.WriteAsync(new WriteBatch { Entity = entity, Verb = WriteVerb.Create, Items = [.. rows.Select(r => new WriteItem { Fields = r })] }, cancellationToken).ConfigureAwait(false);
        if (answer.CallError is { } error) return error;
        if (answer.Items.FirstOrDefault(i => i.Error is { Kind: not ErrorKind.Conflict }) is { Error: { } refused }) return refused;
        return answer.Items[0].Value?.Id ?? "";
    }

    private async Task<Outcome<SetupGap>> CreateFieldAsync(SetupGap gap, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("FullName", $"{gap.Entity}.{gap.Field!.Name}");
            writer.WritePropertyName("Metadata");
            FieldMetadata.Write(writer, gap.Entity, gap.Field);
            writer.WriteEndObject();
        }

        var body = buffer.WrittenMemory.ToArray();
        var calls = connection.Calls;
        // Twice the same name is refused: creating a field is repeatable.
        var created = await calls.Caller.SendAsync(
            CallPurpose.RepeatableWrite,
            token => calls.Api.CreateToolingAsync(calls.Version, "CustomField", new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } }, CallPriority.Live, token),
            _ => Outcome<SetupGap>.Of(gap),
            cancellationToken).ConfigureAwait(false);
        if (created.Error is { Code: "DUPLICATE_DEVELOPER_NAME" }) return gap;
        return created.Error is { } error ? SalesforceErrors.OfPath(error, gap.Entity) : created;
    }

    private static IEnumerable<SetupGap> Gaps(string entity, FieldDescriptor needed, FieldDescriptor? there)
    {
        var name = $"{entity}.{needed.Name}";
        if (there is null)
        {
            yield return new SetupGap(entity, needed, SetupGapKind.Field, $"The field {name} does not exist or the user may not see it.") { CanCreate = needed.Name.EndsWith("__c", StringComparison.Ordinal) };
            yield break;
        }

        if (!SameType(needed.Type, there.Type)) yield return new SetupGap(entity, needed, SetupGapKind.Type, $"The field {name} is {Words(there.Type)}; {Words(needed.Type)} is needed.");
        if (needed.ExternalId && !there.ExternalId) yield return new SetupGap(entity, needed, SetupGapKind.ExternalId, $"The field {name} is no external id. Tick External ID in its definition.");
        if (needed.Unique && !there.Unique) yield return new SetupGap(entity, needed, SetupGapKind.Unique, $"The field {name} is not unique: two records could carry one key. Tick Unique in its definition.");
        if ((needed.Creatable && !there.Creatable) || (needed.Updatable && !there.Updatable)) yield return new SetupGap(entity, needed, SetupGapKind.Writable, $"The user may not write the field {name}. Give edit access to it in a permission set.");
    }

    private static bool SameType(FieldType needed, FieldType there)
    {
        if (Family(needed.Kind) != Family(there.Kind)) return false;
        if (needed.Kind == FieldKind.Id && needed.Entity is not null && there.Entity is not null && needed.Entity != there.Entity) return false;
        return Family(needed.Kind) != FieldKind.Text || needed.Length is null || there.Length is null || there.Length >= needed.Length;
    }

    private static FieldKind Family(FieldKind kind) => kind switch
    {
        FieldKind.LongText or FieldKind.Choice or FieldKind.Url or FieldKind.Email or FieldKind.Phone => FieldKind.Text,
        FieldKind.Integer or FieldKind.Decimal => FieldKind.Number,
        _ => kind,
    };

    private static string Words(FieldType type) => type.Kind == FieldKind.Id ? $"a reference to {type.Entity ?? "several objects"}" : type.Length is { } length ? $"{type.Kind} of {length} characters" : type.Kind.ToString();
}
