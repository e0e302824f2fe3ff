using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

internal sealed class LinkStore(StoreDatabase database) : ILinkStore
{
    private static readonly RowStatement ReadKeys = LinkStatements.ReadKeys("");

    public async Task<IReadOnlyList<LinkRow>> FindAsync(IReadOnlyList<LinkKey> keys, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (keys.Count == 0) return [];
        var found = new LinkRow?[keys.Count];
        await database.ReadAsync(
            async session =>
            {
                await database.Dialect.QueryAsync(
                    session,
                    ReadKeys,
                    LinkBook.Numbered(keys),
                    reader => found[reader.GetInt32(0)] = LinkBook.Row(keys[reader.GetInt32(0)], reader, 1),
                    cancellationToken).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        return [.. found.OfType<LinkRow>().Where(row => row.EndsAt is null || row.EndsAt > now)];
    }

    public Task<IReadOnlyList<LinkRow>> OfRecordAsync(string workspace, string realm, string entity, string recordId, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<LinkRow>>(
            async session =>
            {
                var found = new List<LinkRow>();
                object?[] row = [workspace, realm, entity, recordId];
                await database.Dialect.QueryAsync(session, LinkStatements.OfRecord, [row], reader => found.Add(LinkBook.FullRow(reader)), cancellationToken).ConfigureAwait(false);
                return found;
            },
            cancellationToken);
}
