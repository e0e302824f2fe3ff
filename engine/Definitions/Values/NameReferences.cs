namespace WorkflowEngine.Definitions;

/// <summary><c>connection/Entity</c>.</summary>
public sealed record EntityReference(SourceSpan Span, Located<string> Connection, Located<string> Entity)
{
    public override string ToString() => $"{Connection.Value}/{Entity.Value}";
}

/// <summary><c>connection/entity.event</c>; the event is null where only the entity is named.</summary>
public sealed record EventReference(SourceSpan Span, EntityReference Entity, Located<string>? Event);

/// <summary><c>connection/operation</c>; the operation's name may hold dots (<c>job.cancel</c>).</summary>
public sealed record OperationReference(SourceSpan Span, Located<string> Connection, Located<string> Operation);
