using System.Globalization;
using WorkflowEngine.Definitions;

namespace WorkflowEngine.FlowTesting;

/// <summary>
/// Makes more of a test's records: copy by copy other customers, jobs and people with ids, keys, names, e-mails and phones of their own, tied to each other as those of the test are. What a company has
/// set up (technicians, types, users, campaigns, all that parameters and tables name) stands there once.
/// </summary>
internal sealed class SampleCopier
{
    /// <summary>Kinds of records that come with every customer; all others are the company's own.</summary>
    private static readonly HashSet<string> Copied = new(StringComparer.Ordinal)
    {
        "customer", "customerContact", "location", "job", "appointment", "appointmentAssignment", "jobNote", "invoice", "payment", "membership", "booking", "review", "technicianRating", "estimate",
        "Account", "Contact", "Lead", "Opportunity", "OpportunityContactRole", "OpportunityLineItem", "CampaignMember", "Case", "Task", "Event", "Asset", "WorkOrder", "ServiceContract",
    };

    private static readonly string[] NameFields = ["name", "Name", "LastName", "CustomerName", "memo"];

    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _shared = new(StringComparer.Ordinal);
    private readonly long _stride;

    /// <param name="records">What the test gives and what happens in it: entity and record.</param>
    /// <param name="parameters">Values of parameters and tables.</param>
    public SampleCopier(IEnumerable<(string Entity, ObjectValue Record)> records, IEnumerable<ValueDefinition> parameters)
    {
        foreach (var value in parameters) Mentioned(value);
        foreach (var (entity, record) in records.Where(r => IsCopied(r.Entity, r.Record)))
        {
            foreach (var id in IdsIn(record))
            {
                if (long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out _)) _ids.Add(id);
                else _names.Add(id);
            }
        }

        var largest = _ids.Select(i => long.Parse(i, CultureInfo.InvariantCulture)).DefaultIfEmpty(0).Max();
        for (_stride = 1000; _stride <= largest; _stride *= 10)
        {
        }
    }

    /// <summary>Whether each copy has a record of its own of this.</summary>
    public bool IsCopied(string entity, ObjectValue record) =>
        (Copied.Contains(entity) || entity.EndsWith("__c", StringComparison.Ordinal)) && (IdOf(record) is not { } id || !_shared.Contains(id));

    /// <summary>The record of a copy; copies are counted from 1.</summary>
    public ObjectValue Of(ObjectValue record, int copy) => record with { Lines = [.. record.Lines.Select(l => l with { Value = Of(l.Name.Value, l.Value, copy) })] };

    private static string? IdOf(ObjectValue record) => (record.Lines.FirstOrDefault(l => l.Name.Value is "id" or "Id")?.Value as LiteralValue)?.Text;

    /// <summary>Its own, and those of what it is made of: the lines of an invoice, the appointments of a job.</summary>
    private static IEnumerable<string> IdsIn(ObjectValue record) => record.Lines.SelectMany(l => l.Value switch
    {
        LiteralValue literal when l.Name.Value is "id" or "Id" => [literal.Text],
        ObjectValue part => IdsIn(part),
        ListValue list => list.Items.OfType<ObjectValue>().SelectMany(IdsIn),
        _ => [],
    });

    private void Mentioned(ValueDefinition value)
    {
        switch (value)
        {
            case LiteralValue literal: _shared.Add(literal.Text); break;
            case ListValue list: foreach (var item in list.Items) Mentioned(item); break;
            case ObjectValue record: foreach (var line in record.Lines) Mentioned(line.Value); break;
        }
    }

    private ValueDefinition Of(string field, ValueDefinition value, int copy) => value switch
    {
        LiteralValue { Kind: LiteralKind.Number or LiteralKind.Text } literal => literal with { Text = Text(field, literal.Text, copy) },
        ListValue list => list with { Items = [.. list.Items.Select(i => Of(field, i, copy))] },
        ObjectValue record => Of(record, copy),
        _ => value,
    };

    private string Text(string field, string text, int copy)
    {
        // A name stands for its record wherever it is written; a number only where ids are.
        var parts = text.Split('/');
        if (parts.Any(p => _names.Contains(p) || (_ids.Contains(p) && HoldsIds(field)))) return string.Join('/', parts.Select(p => Id(p, copy)));
        if (HoldsIds(field))
        {
            // A key of something that is in none of the test's records must be another in each copy all the same.
            if (IsKey(field) && text.Length > 0 && !parts.Any(_shared.Contains)) return string.Create(CultureInfo.InvariantCulture, $"{text}-{copy}");
        }

        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at > 0) return string.Create(CultureInfo.InvariantCulture, $"{text[..at]}.{copy}{text[at..]}");
        if (IsPhone(text)) return Phone(text, copy);
        return NameFields.Contains(field) && text.Length > 0 && !text.Contains('=', StringComparison.Ordinal) ? text + Word(copy) : text;
    }

    private string Id(string part, int copy) =>
        _names.Contains(part) ? string.Create(CultureInfo.InvariantCulture, $"{part}-{copy}")
        : _ids.Contains(part) ? (long.Parse(part, CultureInfo.InvariantCulture) + (copy * _stride)).ToString(CultureInfo.InvariantCulture) : part;

    /// <summary>Fields that say which record: ids, references, numbers on paper, custom fields that keep the other system's ids.</summary>
    private static bool HoldsIds(string field)
    {
        var name = field[(field.LastIndexOf('.') + 1)..];
        return name is "id" or "Id" || name.EndsWith("Id", StringComparison.Ordinal) || name.EndsWith("Ids", StringComparison.Ordinal) || name.EndsWith("Number", StringComparison.Ordinal)
            || name.EndsWith("__c", StringComparison.Ordinal) || name.EndsWith("__pc", StringComparison.Ordinal);
    }

    private static bool IsKey(string field) => field.EndsWith("Key__c", StringComparison.Ordinal) || field.EndsWith("Key__pc", StringComparison.Ordinal) || field.EndsWith("Id__c", StringComparison.Ordinal);

    private static bool IsPhone(string text) => text.Count(char.IsAsciiDigit) is 10 or 11 && text.All(c => char.IsAsciiDigit(c) || c is ' ' or '(' or ')' or '-' or '.' or '+');

    /// <summary>Another number of the same area: the last seven digits, which do not begin with 0 or 1.</summary>
    private static string Phone(string text, int copy)
    {
        var digits = text.Where(char.IsAsciiDigit).ToArray();
        var last = long.Parse(digits.AsSpan(digits.Length - 7), CultureInfo.InvariantCulture);
        var other = (2_000_000 + ((last + (copy * 7919L)) % 8_000_000)).ToString(CultureInfo.InvariantCulture);
        var result = text.ToCharArray();
        var next = 6;
        for (var i = result.Length - 1; i >= 0 && next >= 0; i--)
        {
            if (char.IsAsciiDigit(result[i])) result[i] = other[next--];
        }

        return new string(result);
    }

    /// <summary>A number in letters, so that names stay names.</summary>
    private static string Word(int copy)
    {
        Span<char> letters = stackalloc char[5];
        for (var i = letters.Length - 1; i >= 0; i--, copy /= 26) letters[i] = (char)('a' + (copy % 26));
        return new string(letters);
    }
}
