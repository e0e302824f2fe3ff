using WorkflowEngine.Runtime;

namespace WorkflowEngine.Storage;

/// <summary>Reads links. Hundreds of runs ask at the same time, when one call has answered them all: who asks while others do is read together with them.</summary>
internal sealed class LinkStore(StoreDatabase database) : ILinkStore
{
    private static readonly RowStatement ReadKeys = LinkStatements.ReadKeys("");

    private readonly Lock _gate = new();
    private List<Question> _waiting = [];
    private bool _reading;

    public async Task<IReadOnlyList<LinkRow>> FindAsync(IReadOnlyList<LinkKey> keys, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (keys.Count == 0) return [];
        var question = new Question(keys);
        bool first;
        lock (_gate)
        {
            _waiting.Add(question);
            (first, _reading) = (!_reading, true);
        }

        // In the pool's common line, behind those who are about to ask.
        if (first) ThreadPool.UnsafeQueueUserWorkItem(static store => _ = store.ReadAsync(), this, preferLocal: false);
        var found = await question.Answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return [.. found.Where(row => row.EndsAt is null || row.EndsAt > now)];
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

    private async Task ReadAsync()
    {
        while (true)
        {
            List<Question> asked;
            lock (_gate)
            {
                if (_waiting.Count == 0)
                {
                    _reading = false;
                    return;
                }

                (asked, _waiting) = (_waiting, []);
            }

            try
            {
                await AnswerAsync(asked).ConfigureAwait(false);
            }
            catch (Exception problem)
            {
                foreach (var question in asked) question.Answer.TrySetException(problem);
            }
        }
    }

    private async Task AnswerAsync(List<Question> asked)
    {
        var keys = new List<LinkKey>();
        foreach (var question in asked) keys.AddRange(question.Keys);
        var found = new LinkRow?[keys.Count];
        await database.ReadAsync(
            async session =>
            {
                await database.Dialect.QueryAsync(
                    session, ReadKeys, LinkBook.Numbered(keys), reader => found[reader.GetInt32(0)] = LinkBook.Row(keys[reader.GetInt32(0)], reader, 1), CancellationToken.None).ConfigureAwait(false);
                return true;
            },
            CancellationToken.None).ConfigureAwait(false);
        var at = 0;
        foreach (var question in asked)
        {
            question.Answer.TrySetResult([.. found.AsSpan(at, question.Keys.Count).ToArray().OfType<LinkRow>()]);
            at += question.Keys.Count;
        }
    }

    private sealed class Question(IReadOnlyList<LinkKey> keys)
    {
        public IReadOnlyList<LinkKey> Keys { get; } = keys;

        public TaskCompletionSource<List<LinkRow>> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
