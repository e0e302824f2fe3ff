namespace WorkflowEngine.Runtime;

/// <summary>Waiting rows of one batch key: one entity, one operation, one shape.</summary>
internal abstract class BatchLane
{
    private static readonly int[] Sizes = [10_000, 5_000, 2_000, 1_000, 500, 200, 50, 10, 1];

    /// <summary>Full calls of the smaller size that must succeed before a larger one is tried; each failure doubles it, so that a limit that stays is met less and less.</summary>
    private const int FewestSuccesses = 4;
    private const int MostSuccesses = 64;

    private int _successes;
    private int _needed = FewestSuccesses;

    protected BatchLane(int most) => (Most, Size) = (most, most);

    /// <summary>Rows in order of arrival; guarded by the realm's lock.</summary>
    public LinkedList<Pending> Waiting { get; } = [];

    public int InFlight { get; set; }

    /// <summary>A linger has been started for the rows that wait.</summary>
    public bool Lingering { get; set; }

    /// <summary>The linger is over: what waits goes out with the next free slot.</summary>
    public bool Lingered { get; set; }

    /// <summary>Rows the vendor takes in one call.</summary>
    public int Most { get; }

    /// <summary>Rows put into one call now: smaller after a call that failed as a whole, and growing back.</summary>
    public int Size { get; private set; }

    /// <summary>The next smaller size: 200, 50, 10, 1.</summary>
    public static int Smaller(int rows)
    {
        foreach (var size in Sizes)
        {
            if (size < rows) return size;
        }

        return 1;
    }

    public void Shrink(int to)
    {
        if (to < Size && Size < Most) _needed = Math.Min(_needed * 2, MostSuccesses);
        Size = Math.Min(Size, to);
        _successes = 0;
    }

    /// <summary>A call went well. One that was not full says nothing of what fits.</summary>
    public void Succeeded(int rows)
    {
        if (rows < Size) return;
        if (Size == Most)
        {
            _needed = FewestSuccesses;
            return;
        }

        if (++_successes < _needed) return;
        _successes = 0;
        Size = Math.Min(Most, Size * 2);
    }

    /// <summary>Sends rows and answers each; never throws.</summary>
    public abstract Task SendAsync(List<Pending> rows);
}
