using System.Text.Json;
using WorkflowEngine.Simulators.Http;
using WorkflowEngine.Simulators.Salesforce.Schema;

namespace WorkflowEngine.Simulators.Salesforce.Rows;

/// <summary>Merges records: the losers end deleted with the survivor's id, their children move to it. Values of losers are not copied.</summary>
internal sealed class RecordMerger(OrgState state, RecordWriter writer, CallStatistics statistics)
{
    /// <summary>Merges one or two records into another.</summary>
    /// <param name="context">The call.</param>
    /// <param name="keep">The survivor's id.</param>
    /// <param name="remove">Ids of the losers.</param>
    /// <param name="fields">What the survivor gets, as text; null empties.</param>
    /// <param name="byPeople">The screens merge cases too.</param>
    public MergeResult Merge(WriteContext context, string keep, IReadOnlyList<string> remove, IReadOnlyDictionary<string, string?> fields, bool byPeople)
    {
        var savepoint = state.Savepoint();
        var result = Run(context, keep, remove, fields, byPeople);
        if (result.Error is not null)
        {
            state.RollbackTo(savepoint);
        }

        return result;
    }

    private MergeResult Run(WriteContext context, string keep, IReadOnlyList<string> remove, IReadOnlyDictionary<string, string?> fields, bool byPeople)
    {
        if (writer.Find(keep, out var survivor) is { } missing)
        {
            return MergeResult.Failed(missing);
        }

        if (!(survivor!.Definition.Name is "Account" or "Contact" or "Lead" || (byPeople && survivor.Definition.Name == "Case")))
        {
            return MergeResult.Failed("INVALID_TYPE", $"merge is not supported for {survivor.Definition.Name}");
        }

        if (remove.Count is 0 or > 2 || remove.Select(r => RecordId.Normalize(r)).Distinct().Count() != remove.Count)
        {
            return MergeResult.Failed("MERGE_FAILED", "one or two records can be merged into a master record");
        }

        List<OrgRecord> losers = [];
        foreach (var id in remove)
        {
            if (writer.Find(id, out var loser, survivor.Definition) is { } gone)
            {
                return MergeResult.Failed(gone);
            }

            if (loser == survivor)
            {
                return MergeResult.Failed("MERGE_FAILED", "cannot merge with self");
            }

            if ((loser!.Values.GetValueOrDefault("IsPersonAccount") is true) != (survivor.Values.GetValueOrDefault("IsPersonAccount") is true))
            {
                return MergeResult.Failed("MERGE_FAILED", "person accounts can only be merged with person accounts");
            }

            losers.Add(loser);
        }

        if (survivor.Text("ParentId") is { } parent && survivor.Definition.Name == "Account" && losers.Exists(l => l.Id == parent))
        {
            return MergeResult.Failed("MERGE_FAILED", "merging would make a circle of accounts");
        }

        if (fields.Count > 0)
        {
            var saved = writer.Save(context, survivor.Definition, Row(survivor.Definition, fields), survivor);
            if (!saved.Success)
            {
                return new MergeResult(survivor, [], [], saved.Errors[0]);
            }
        }

        List<string> moved = [];
        foreach (var loser in losers)
        {
            Move(loser, survivor, moved);
            state.Update(loser, new Dictionary<string, object?> { ["MasterRecordId"] = survivor.Id, ["SystemModstamp"] = state.Now });
            state.MarkDeleted(loser, true);
            statistics.CountRow($"{survivor.Definition.Name}.merged");
        }

        return new MergeResult(survivor, [.. losers.Select(l => l.Id)], moved, null);
    }

    private void Move(OrgRecord loser, OrgRecord survivor, List<string> moved)
    {
        foreach (var (child, field) in state.Schema.Children(survivor.Definition).Where(c => c.Field.Name != "MasterRecordId").ToList())
        {
            foreach (var row in state.WithValue(child, field, loser.Id)!.Where(r => r != survivor).ToList())
            {
                // A person is a member of a campaign once: the loser's membership goes where the survivor has one.
                if (child.Name == "CampaignMember" && state.WithValue(child, field, survivor.Id)!.Any(m => !m.IsDeleted && m.Text("CampaignId") == row.Text("CampaignId")))
                {
                    state.MarkDeleted(row, true);
                    continue;
                }

                state.Update(row, new Dictionary<string, object?> { [field.Name] = survivor.Id, ["SystemModstamp"] = state.Now });
                if (!row.IsDeleted && !moved.Contains(row.Id))
                {
                    moved.Add(row.Id);
                }
            }
        }
    }

    // SOAP carries everything as text; numbers and checkboxes are read as what their field is.
    private static JsonElement Row(ObjectDefinition definition, IReadOnlyDictionary<string, string?> fields) => JsonSerializer.SerializeToElement(
        fields.ToDictionary(f => f.Key, f => definition.Find(f.Key)?.Type == "boolean" && bool.TryParse(f.Value, out var flag) ? flag : (object?)f.Value));
}

/// <summary>What became of a merge.</summary>
internal sealed record MergeResult(OrgRecord? Survivor, IReadOnlyList<string> Merged, IReadOnlyList<string> Moved, RowError? Error)
{
    public static MergeResult Failed(RowError error) => new(null, [], [], error);

    public static MergeResult Failed(string code, string message) => Failed(new RowError(code, message, []));
}
