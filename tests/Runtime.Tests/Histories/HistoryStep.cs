namespace WorkflowEngine.Runtime.Tests;

internal enum HistoryAct
{
    /// <summary>A person is edited and the change is hinted at.</summary>
    Hint,

    /// <summary>A person is edited and the change arrives with its record.</summary>
    Full,

    /// <summary>The last change is said once more.</summary>
    Again,

    /// <summary>A change of long ago arrives now, with its record as it was.</summary>
    OldNews,

    /// <summary>Time passes.</summary>
    Wait,

    /// <summary>Everything that can run runs.</summary>
    Settle,

    /// <summary>The process is killed and starts again.</summary>
    Restart,

    /// <summary>The vendor's health changes.</summary>
    Weather,

    /// <summary>All that are known are handed in once more, by a backfill.</summary>
    Backfill,

    /// <summary>Some lanes go from one node to another.</summary>
    Move,

    /// <summary>A node is cut off and goes on without knowing that others took its lanes.</summary>
    Cut,

    /// <summary>Who was cut off hears again.</summary>
    Heal,
}

/// <summary>One step of a history.</summary>
/// <param name="Act">What happens.</param>
/// <param name="Person">To whom.</param>
/// <param name="Value">How: the name's number, seconds, percent of failing calls.</param>
internal readonly record struct HistoryStep(HistoryAct Act, int Person, int Value)
{
    public override string ToString() => $"{Act}({Person},{Value})";

    /// <summary>A history of a seed.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="nodes">With several, lanes move and nodes are cut off too.</param>
    public static List<HistoryStep> Generate(int seed, int nodes = 1)
    {
        var random = new Random(seed);
        var steps = new List<HistoryStep>();
        var people = random.Next(2, 9);
        var count = random.Next(5, 45);
        for (var i = 0; i < count; i++)
        {
            var act = nodes > 1 && random.Next(100) is var chance and < 24 ? chance < 12 ? HistoryAct.Move : chance < 17 ? HistoryAct.Cut : HistoryAct.Heal : random.Next(100) switch
            {
                < 35 => HistoryAct.Hint,
                < 55 => HistoryAct.Full,
                < 63 => HistoryAct.Again,
                < 70 => HistoryAct.OldNews,
                < 82 => HistoryAct.Wait,
                < 88 => HistoryAct.Settle,
                < 93 => HistoryAct.Restart,
                < 96 when seed % 2 == 0 => HistoryAct.Backfill,
                _ => HistoryAct.Weather,
            };
            steps.Add(new HistoryStep(act, random.Next(people), act == HistoryAct.Wait ? random.Next(1, 120) : random.Next(60)));
        }

        return steps;
    }
}
