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
        for (var i = random.Next(6, 32); i > 0; i--)
        {
            var act = random.Next(100) switch
            {
                < 26 => CompanyAct.Name,
                < 36 => CompanyAct.Line,
                < 42 => CompanyAct.Touch,
                < 46 => CompanyAct.Merge,
                < 50 => CompanyAct.Switch,
                < 57 => CompanyAct.Job,
                < 62 => CompanyAct.EditAccount,
                < 67 => CompanyAct.EditContact,
                < 70 => CompanyAct.DeleteContact,
                < 73 => CompanyAct.MergeContacts,
                < 78 => CompanyAct.Sale,
                < 87 => CompanyAct.Wait,
                < 94 => CompanyAct.Settle,
                _ => CompanyAct.Weather,
            };
            steps.Add(new CompanyStep(act, random.Next(people), act == CompanyAct.Wait ? random.Next(1, 200) : random.Next(60)));
        }

        return steps;
    }
}
