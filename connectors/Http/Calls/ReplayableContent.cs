namespace WorkflowEngine.Connectors.Http;

/// <summary>A body that can be written again by itself: it is not kept in memory for the replay after an expired token.</summary>
public abstract class ReplayableContent : HttpContent;
