namespace WorkflowEngine.EndToEnd.Tests.Histories;

/// <summary>
/// What people did in Salesforce, and since when each customer is as it is now. A person's edit of a field that a flow writes stands until the next run of that record and is then made right (kernel rule 11), and a run
/// comes only when something the flow reads has changed (rule 10). So an edit may stand at the end only if the customer was, when the edit came or before, what it is at the end: whatever a customer became after
/// the edit for the first time is news that surely ran, and that run read the Account and the Contact after the edit. "May" and not "must": a run that is taken up again, a look at what was written (rule 8) and a
/// line that is told again run the record without news and make it right too.
/// </summary>
internal sealed class CompanyLedger
{
    private readonly Dictionary<(long Customer, string State), int> _since = [];
    private readonly Dictionary<long, string> _states = [];
    private readonly List<(string Record, string Field, string Value, int At)> _edits = [];
    private readonly List<(long Customer, int At)> _removed = [];
    private int _now;

    /// <summary>A step is over: customers are as they are since this step, or since an earlier one.</summary>
    public void Observe(CompanyTenant tenant)
    {
        foreach (var customer in tenant.Customers)
        {
            var state = tenant.StateOf(customer);
            _states[customer.Id] = state;
            _since.TryAdd((customer.Id, state), _now);
        }

        _now++;
    }

    /// <summary>Somebody typed this into Salesforce.</summary>
    public void Edited(string record, string field, string value) => _edits.Add((record, field, value, _now));

    /// <summary>Somebody deleted the customer's person in Salesforce, or merged it away.</summary>
    public void Removed(long customer) => _removed.Add((customer, _now));

    /// <summary>What people typed there and may still stand.</summary>
    public IEnumerable<string> ByHand(long customer, string record, string field) => _edits.Where(e => e.Record == record && e.Field == field && e.At >= Since(customer)).Select(e => e.Value);

    /// <summary>What people ever typed into this field of any record.</summary>
    public IEnumerable<string> Typed(string field) => _edits.Where(e => e.Field == field).Select(e => e.Value);

    /// <summary>Whether the customer's person may be missing because somebody took it away after the last news.</summary>
    public bool MayBeGone(long customer) => _removed.Any(r => r.Customer == customer && r.At >= Since(customer));

    private int Since(long customer) => _since[(customer, _states[customer])];
}
