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

    public override string ToString() => $"{Act}({Person},{Value})";

    /// <summary>A history of a seed.</summary>
    public static List<CompanyStep> Generate(int seed)
    {
        var random = new Random(seed);
        var people = random.Next(2, People);
        var steps = new List<CompanyStep>();
        for (var i = random.Next(8, 36); i > 0; i--)
        {
            var act = random.Next(100) switch
            {
                < 20 => CompanyAct.Name,
                < 28 => CompanyAct.Line,
                < 32 => CompanyAct.Touch,
                < 36 => CompanyAct.Merge,
                < 40 => CompanyAct.Switch,
                < 47 => CompanyAct.Job,
                < 50 => CompanyAct.Bill,
                < 52 => CompanyAct.Cancel,
                < 57 => CompanyAct.EditAccount,
                < 61 => CompanyAct.EditContact,
                < 64 => CompanyAct.DeleteContact,
                < 67 => CompanyAct.MergeContacts,
                < 72 => CompanyAct.Sale,
                < 75 => CompanyAct.Move,
                < 77 => CompanyAct.Finish,
                < 84 => CompanyAct.Repeat,
                < 86 => CompanyAct.Hint,
                < 91 => CompanyAct.Wait,
                < 97 => CompanyAct.Settle,
                _ => CompanyAct.Weather,
            };
            steps.Add(new CompanyStep(act, random.Next(people), act == CompanyAct.Wait ? random.Next(1, 200) : random.Next(60)));
        }

        return steps;
    }
}
