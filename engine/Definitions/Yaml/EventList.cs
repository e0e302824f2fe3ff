using System.Diagnostics.CodeAnalysis;
using YamlDotNet.Core.Events;

namespace WorkflowEngine.Definitions;

/// <summary>The parser's events, read to the end before any of them is used: a text that fails late gives no half a tree.</summary>
internal sealed class EventList(IReadOnlyList<ParsingEvent> events)
{
    private int next;

    public ParsingEvent? Current => next < events.Count ? events[next] : null;

    public bool Accept<T>([NotNullWhen(true)] out T? found)
        where T : ParsingEvent
    {
        found = Current as T;
        return found is not null;
    }

    public bool TryConsume<T>([NotNullWhen(true)] out T? found)
        where T : ParsingEvent
    {
        if (!Accept(out found))
        {
            return false;
        }

        next++;
        return true;
    }
}
