namespace WorkflowEngine.Storage;

/// <summary>One compressed block of explanation.</summary>
public sealed class JournalBlockRow
{
    public long Id { get; set; }

    public string WorkspaceId { get; set; } = "";

    public DateTimeOffset WrittenAt { get; set; }

    public int RawLength { get; set; }

    public byte[] Content { get; set; } = [];
}
