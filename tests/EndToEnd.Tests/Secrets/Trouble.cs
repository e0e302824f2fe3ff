namespace WorkflowEngine.EndToEnd.Tests.Secrets;

/// <summary>What a vendor answers instead of doing what it was asked; wherever it can, it says back all that was sent.</summary>
internal enum Trouble
{
    /// <summary>401 with everything in header and body.</summary>
    Refused,

    /// <summary>400 with everything in message, code and fields.</summary>
    Rejected,

    /// <summary>A success whose rows failed, each with everything in its error; Salesforce only.</summary>
    Rows,

    /// <summary>500 with everything in a page.</summary>
    Page,

    /// <summary>A success cut in the middle of everything.</summary>
    Cut,

    /// <summary>A redirect to an address that holds everything.</summary>
    Redirect,

    /// <summary>No answer.</summary>
    Silent,

    /// <summary>The connection breaks.</summary>
    Broken,
}
