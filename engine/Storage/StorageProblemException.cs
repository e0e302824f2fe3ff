namespace WorkflowEngine.Storage;

/// <summary>Why a store cannot be opened.</summary>
public enum StorageProblemKind
{
    /// <summary>The file or server cannot be reached or written.</summary>
    Unreachable,

    /// <summary>The file is not a database, or damaged.</summary>
    Unreadable,

    /// <summary>The database belongs to a newer version of the engine.</summary>
    NewerVersion,

    /// <summary>Another process has it open.</summary>
    InUse,

    /// <summary>The master key is missing, malformed or another one.</summary>
    MasterKey,
}

/// <summary>A store that cannot be opened: one sentence a host shows to a person, without secrets.</summary>
public sealed class StorageProblemException(StorageProblemKind kind, string message, Exception? inner = null) : Exception(message, inner)
{
    public StorageProblemKind Kind { get; } = kind;
}
