using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace WorkflowEngine.Runtime;

/// <summary>Lanes are a fixed number per database; a key always falls into the same one.</summary>
public static class Lane
{
    public const int Count = 64;

    /// <summary>The realm of the cursors of schedules.</summary>
    internal const string Schedules = "schedule";

    /// <summary>
    /// A stable hash of (workspace, deployment, key): never the run-time's own hash, which changes with every start. Of a key as the store keeps it and as it came the same: there the zero character
    /// and half surrogates are replaced.
    /// </summary>
    public static int Of(string workspace, Guid deployment, string key)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{workspace}\n{deployment:N}\n{key.Replace('\0', '\uFFFD')}"), hash);
        return (int)(BinaryPrimitives.ReadUInt32LittleEndian(hash) % Count);
    }

    /// <summary>
    /// The lane whose owner moves a cursor. All schedules of a workspace, and the sources they open, belong together: one may wait for what another has brought.
    /// </summary>
    public static int OfCursor(CursorKey cursor) =>
        cursor.Realm == Schedules || cursor.Scope.Contains('/', StringComparison.Ordinal) ? Of(cursor.Workspace, Guid.Empty, Schedules) : Of(cursor.Workspace, Guid.Empty, $"{cursor.Realm}\n{cursor.Feed}\n{cursor.Scope}");

    /// <summary>The lane whose owner reads a backfill.</summary>
    public static int OfBackfill(string workspace, string backfill) => Of(workspace, Guid.Empty, backfill);

    /// <summary>The lanes only whose owner may make these changes. Whoever accepts an event, replays, reviews or explains needs none.</summary>
    public static IReadOnlySet<int> Of(ChangeSet set)
    {
        var lanes = new HashSet<int>();
        var accepts = set.Changes.Any(change => change is AppendEvents);
        foreach (var change in set.Changes)
        {
            switch (change)
            {
                case SettleEvent settle: lanes.Add(Of(settle.Key)); break;
                case DelayEvent delay: lanes.Add(Of(delay.Key)); break;
                case SaveCheckpoint checkpoint: lanes.Add(Of(checkpoint.Key)); break;
                case SaveKeyState state: lanes.Add(Of(state.Key)); break;
                case SaveCursor cursor: lanes.Add(OfCursor(cursor.Key)); break;
                case SaveBackfill page when accepts: lanes.Add(OfBackfill(page.Backfill.Deployment.Workspace, page.Backfill.Id)); break;
                default: break;
            }
        }

        return lanes;
    }

    private static int Of(EventKey key) => Of(key.Deployment.Workspace, key.Deployment.Id, key.Key);
}
