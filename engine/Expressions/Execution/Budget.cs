using Jint;

namespace WorkflowEngine.Expressions.Execution;

/// <summary>What one invocation has used. The engine asks it between statements, our own functions before they loop or allocate.</summary>
internal sealed class Budget(ExpressionLimits limits, TimeProvider time) : Constraint
{
    private const int ChecksBetweenLooks = 64;

    private readonly long mostTicks = (long)(limits.Time.TotalSeconds * time.TimestampFrequency);
    private int steps;
    private int characters;
    private int untilLook;
    private long began;
    private long allocatedBefore;
    private TimeSpan? ownTimeWhenLate;

    /// <summary>When the running invocation began, in timestamps of the clock; 0 when none runs.</summary>
    public long RunningSince => Interlocked.Read(ref began);

    public ExpressionLimits Limits => limits;

    public void Begin(int built)
    {
        steps = 0;
        characters = built;
        untilLook = ChecksBetweenLooks;
        ownTimeWhenLate = null;
        allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        Interlocked.Exchange(ref began, Math.Max(1, time.GetTimestamp()));
    }

    public void End() => Interlocked.Exchange(ref began, 0);

    /// <summary>Between statements the engine's own operators may have built anything: looked at each time.</summary>
    public override void Check()
    {
        untilLook = 0;
        Step(1);
    }

    public override void Reset()
    {
        // An invocation has one budget, however many calls of the engine it is made of.
    }

    public void Step(int count)
    {
        if (began == 0)
        {
            return;
        }

        steps += count;
        if (steps > limits.Steps || steps < 0)
        {
            throw ExpressionFault.Limit($"The expression took more than {limits.Steps:N0} steps.");
        }

        untilLook -= count;
        if (untilLook <= 0)
        {
            Look();
        }
    }

    public void Text(long length)
    {
        if (began != 0 && (length > limits.Characters || (characters += (int)length) > limits.Characters))
        {
            throw ExpressionFault.Limit($"The expression built more than {limits.Characters:N0} characters of text.");
        }
    }

    private void Look()
    {
        untilLook = ChecksBetweenLooks;
        if (time.GetTimestamp() - began > mostTicks && UsedItsTime())
        {
            throw ExpressionFault.Limit($"The expression took longer than {limits.Time.TotalMilliseconds:N0} ms.");
        }

        if (GC.GetAllocatedBytesForCurrentThread() - allocatedBefore > limits.Memory)
        {
            throw ExpressionFault.Limit($"The expression used more than {limits.Memory / (1024 * 1024)} MB.");
        }
    }

    /// <summary>Late by the wall: from here on it must use the same time itself, so that a loop ends and what only had to wait goes on.</summary>
    private bool UsedItsTime()
    {
        if (ThreadTime.Now() is not { } own) return true;
        ownTimeWhenLate ??= own;
        return own - ownTimeWhenLate > limits.Time;
    }
}
