namespace WorkflowEngine.Connectors.Http;

/// <summary>What a call does; decides what a lost answer means and whether the call may be repeated here.</summary>
public enum CallPurpose
{
    /// <summary>Changes nothing: repeated shortly, a lost answer is passing trouble.</summary>
    Read,

    /// <summary>Changes a record by its id or unique key: doing it twice is the same as once. Not repeated here.</summary>
    RepeatableWrite,

    /// <summary>Makes something new: doing it twice makes two. Not repeated here; 5xx answers leave the outcome unknown.</summary>
    Create,
}
