namespace WorkflowEngine.Definitions;

// Words are written in the flow as the members are named here, with a small first letter.

/// <summary>What happens when no record is found. Which words a place takes is checked when it is read.</summary>
public enum OrElse
{
    Fail,
    None,
    Later,
    Stop,
}

public enum OnSeveral
{
    Fail,
    First,
}

public enum OnAmbiguous
{
    Review,
    Newest,
    Oldest,
    Fail,
}

public enum OnOwned
{
    Create,
    Share,
    Review,
    Fail,
}

/// <summary>What an upsert does when the record that carries its key was deleted in the target.</summary>
public enum OnDeleted
{
    Create,
    Restore,
    Skip,
    Fail,
}

/// <summary>What a null value in set does to the field.</summary>
public enum EmptyRule
{
    Keep,
    Clear,
}

/// <summary>What follows an error case.</summary>
public enum ErrorThen
{
    Fail,
    Stop,
    Continue,
}

/// <summary>What a failing item does to its forEach.</summary>
public enum OnItemError
{
    Fail,
    Continue,
}

/// <summary>What sync does with records that are not in the list.</summary>
public enum MissingRule
{
    Keep,
    Delete,
    Set,
}
