namespace WorkflowEngine.EndToEnd.Tests.Histories;

internal enum CompanyAct
{
    /// <summary>A customer arrives in ServiceTitan, or is renamed.</summary>
    Name,

    /// <summary>A contact line changes; the customer's own stamp stays.</summary>
    Line,

    /// <summary>Somebody saves a customer without changing anything.</summary>
    Touch,

    /// <summary>Two customers are merged in ServiceTitan.</summary>
    Merge,

    /// <summary>A customer is switched off, or on again.</summary>
    Switch,

    /// <summary>A job is booked and done.</summary>
    Job,

    /// <summary>The office bills a job.</summary>
    Bill,

    /// <summary>The office cancels a job that was done.</summary>
    Cancel,

    /// <summary>In Salesforce somebody edits the Account.</summary>
    EditAccount,

    /// <summary>In Salesforce somebody edits the person.</summary>
    EditContact,

    /// <summary>In Salesforce somebody deletes the person.</summary>
    DeleteContact,

    /// <summary>In Salesforce somebody merges two people into one.</summary>
    MergeContacts,

    /// <summary>In Salesforce a sale is won.</summary>
    Sale,

    /// <summary>In Salesforce the visit of a won sale moves to another day.</summary>
    Move,

    /// <summary>The job of a sale is done.</summary>
    Finish,

    /// <summary>A vendor tells a record again much later, as it stands now: an older state behind newer ones.</summary>
    Repeat,

    /// <summary>A web hook of something long past comes again, as a new delivery.</summary>
    Hint,

    /// <summary>Time passes.</summary>
    Wait,

    /// <summary>Everything that can run runs.</summary>
    Settle,

    /// <summary>A vendor's health changes.</summary>
    Weather,
}

/// <summary>One step of a history.</summary>
/// <param name="Act">What happens.</param>
/// <param name="Person">To whom.</param>
/// <param name="Value">How: the name's number, seconds, percent of failing calls, the other person.</param>
internal readonly record struct CompanyStep(CompanyAct Act, int Person, int Value)
{
    private const int People = 7;

    /// <summary>What changes the record that <see cref="CompanyAct.Repeat"/> with this number tells again.</summary>
    private static readonly CompanyAct[] Changes = [CompanyAct.Name, CompanyAct.Line, CompanyAct.Cancel, CompanyAct.Bill, CompanyAct.Move];

    public override string ToString() => $"{Act}({Person},{Value})";

    /// <summary>A history of a seed.</summary>
    public static List<CompanyStep> Generate(int seed)
    {
        var random = new Random(seed);
        var people = random.Next(2, People);
        var steps = new List<CompanyStep>();
        for (var i = random.Next(8, 44); i > 0; i--)
        {
            var act = random.Next(100) switch
            {
                < 14 => CompanyAct.Name,
                < 21 => CompanyAct.Line,
                < 24 => CompanyAct.Touch,
                < 28 => CompanyAct.Merge,
                < 32 => CompanyAct.Switch,
                < 40 => CompanyAct.Job,
                < 46 => CompanyAct.Bill,
                < 48 => CompanyAct.Cancel,
                < 52 => CompanyAct.EditAccount,
                < 55 => CompanyAct.EditContact,
                < 58 => CompanyAct.DeleteContact,
                < 61 => CompanyAct.MergeContacts,
                < 68 => CompanyAct.Sale,
                < 74 => CompanyAct.Move,
                < 77 => CompanyAct.Finish,
                < 84 => CompanyAct.Repeat,
                < 86 => CompanyAct.Hint,
                < 90 => CompanyAct.Wait,
                < 97 => CompanyAct.Settle,
                _ => CompanyAct.Weather,
            };
            var step = new CompanyStep(act, random.Next(people), act == CompanyAct.Wait ? random.Next(1, 200) : random.Next(60));
            steps.Add(step);
            // What is told again is old only when it changes meanwhile.
            if (act == CompanyAct.Repeat) steps.Add(step with { Act = Changes[step.Value % Changes.Length] });
        }

        return steps;
    }
}
