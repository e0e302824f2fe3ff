namespace WorkflowEngine.Testing;

/// <summary>What goes wrong with a call of a fake vendor.</summary>
public enum FakeFault
{
    None,

    /// <summary>429 with a time to wait.</summary>
    RateLimited,

    /// <summary>503 for the whole call; nothing was done.</summary>
    Unavailable,

    /// <summary>The call was done and its answer is lost.</summary>
    LostAnswer,

    /// <summary>No answer, and nothing was done; the caller cannot know.</summary>
    LostBefore,

    /// <summary>500: the server failed inside, perhaps behind its work; nothing was done yet.</summary>
    Broken,

    /// <summary>The call as a whole fails by a lock.</summary>
    Locked,

    /// <summary>A field the call names is gone.</summary>
    Misconfigured,

    /// <summary>What the vendor allows in a day is used up.</summary>
    UsedUp,

    /// <summary>The credentials are refused.</summary>
    Unauthorized,
}
