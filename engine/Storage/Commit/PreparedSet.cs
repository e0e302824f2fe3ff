using System.Runtime.CompilerServices;
using System.Text.Json;
using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

/// <summary>
/// What was done for a set before the writer's turn: blocks compressed, states sealed, lists written as text. One writer serves everybody, so what needs no transaction is done by who hands the set in.
/// </summary>
internal sealed class PreparedSet
{
    /// <summary>Lists of fields as text: runs of one step share a list.</summary>
    private static readonly ConditionalWeakTable<IReadOnlyList<string>, string> FieldTexts = [];

    private readonly object?[]? _values;

    public PreparedSet(ChangeSet set, WorkspaceKeys keys)
    {
        for (var i = 0; i < set.Changes.Count; i++)
        {
            var change = set.Changes[i];
            AddStrangers(change, keys);
            var value = ValueOf(change, keys);
            if (value is not null) (_values ??= new object?[set.Changes.Count])[i] = value;
        }
    }

    /// <summary>Workspaces of the set whose data key was not known; null = all were.</summary>
    public List<string>? Strangers { get; private set; }

    /// <summary>What was made of the change at this place; null = nothing beforehand.</summary>
    public object? this[int place] => _values?[place];

    private static object? ValueOf(StoreChange change, WorkspaceKeys keys) => change switch
    {
        AppendJournal journal => JournalCompression.Compress(journal.Block.Span),
        SaveCheckpoint checkpoint when keys.Knows(checkpoint.Key.Deployment.Workspace) => EventDraft.Sealed(checkpoint, keys),
        SaveKeyState state when keys.Knows(state.Key.Deployment.Workspace) => RecordDraft.Sealed(state, keys),
        AddEffects { Effects.Count: > 0 } add => FieldsOf(add),
        _ => null,
    };

    private static string[] FieldsOf(AddEffects add)
    {
        var fields = new string[add.Effects.Count];
        for (var i = 0; i < fields.Length; i++) fields[i] = FieldTexts.GetValue(add.Effects[i].Fields, static list => JsonSerializer.Serialize(list));
        return fields;
    }

    /// <summary>The workspaces whose data key a change needs.</summary>
    private void AddStrangers(StoreChange change, WorkspaceKeys keys)
    {
        switch (change)
        {
            case AppendEvents append:
                foreach (var item in append.Events) AddStranger(item.Deployment.Workspace, keys);
                break;
            case PlanEvent plan: AddStranger(plan.Event.Deployment.Workspace, keys); break;
            case OpenReview review: AddStranger(review.Review.Deployment.Workspace, keys); break;
            case SaveCheckpoint checkpoint: AddStranger(checkpoint.Key.Deployment.Workspace, keys); break;
            case SaveKeyState state: AddStranger(state.Key.Deployment.Workspace, keys); break;
            case AddDeadLetter letter: AddStranger(letter.Letter.Deployment.Workspace, keys); break;
            default: break;
        }
    }

    private void AddStranger(string workspace, WorkspaceKeys keys)
    {
        if (!keys.Knows(workspace)) (Strangers ??= []).Add(workspace);
    }
}
