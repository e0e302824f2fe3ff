using System.IO.Enumeration;

namespace WorkflowEngine.Simulators.Faults;

/// <summary>Holds the fault rules and decides, by order of calls and by seed alone, which of them strike.</summary>
public sealed class FaultSwitchboard(int seed)
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, int> _struck = new(StringComparer.Ordinal);
    private List<ArmedRule> _rules = [];
    private int _nextNumber;

    /// <summary>Adds a rule and answers its number, by which it can be removed.</summary>
    public int Add(FaultRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        lock (_gate)
        {
            var number = ++_nextNumber;
            _rules = [.. _rules, new ArmedRule(number, rule)];
            return number;
        }
    }

    public bool Remove(int number)
    {
        lock (_gate)
        {
            var before = _rules.Count;
            _rules = [.. _rules.Where(r => r.Number != number)];
            return _rules.Count < before;
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _rules = [];
        }
    }

    internal void ResetCounts()
    {
        lock (_gate)
        {
            _struck.Clear();
        }
    }

    internal IReadOnlyList<(int Number, FaultRule Rule, int Matched, int Struck)> Rules
    {
        get { lock (_gate) { return [.. _rules.Select(r => (r.Number, r.Rule, r.Matched, r.Struck))]; } }
    }

    internal IReadOnlyDictionary<string, int> Struck
    {
        get { lock (_gate) { return new SortedDictionary<string, int>(_struck, StringComparer.Ordinal); } }
    }

    /// <summary>The whole-call rules that strike this call, and the row rules that have to be asked for each of its rows.</summary>
    internal FaultDecision Decide(string method, string path, bool isToken)
    {
        lock (_gate)
        {
            if (_rules.Count == 0)
            {
                return FaultDecision.None;
            }

            List<FaultRule>? calls = null;
            List<ArmedRule>? rows = null;
            var answered = false;
            foreach (var armed in _rules)
            {
                var rule = armed.Rule;
                if ((rule.Method is not null && !rule.Method.Equals(method, StringComparison.OrdinalIgnoreCase))
                    || (rule.Path is null ? isToken : !FileSystemName.MatchesSimpleExpression(rule.Path, path)))
                {
                    continue;
                }

                if (rule.StrikesRows)
                {
                    (rows ??= []).Add(armed);
                }
                else if (rule.Answers && answered)
                {
                    // Another rule answers this call: this one is not used up by it.
                    armed.Matched++;
                }
                else if (Strikes(armed))
                {
                    answered |= rule.Answers;
                    (calls ??= []).Add(rule);
                }
            }

            return calls is null && rows is null ? FaultDecision.None : new FaultDecision(this, calls ?? [], rows ?? []);
        }
    }

    internal FaultRule? DecideRow(IReadOnlyList<ArmedRule> rules, Func<string, string?> field)
    {
        lock (_gate)
        {
            foreach (var armed in rules)
            {
                if (armed.Rule.Field is { } name)
                {
                    var value = field(name);
                    if (value is null || (armed.Rule.Value is not (null or "*") && !armed.Rule.Value.Equals(value, StringComparison.OrdinalIgnoreCase)))
                    {
                        continue;
                    }
                }

                if (Strikes(armed))
                {
                    return armed.Rule;
                }
            }

            return null;
        }
    }

    private bool Strikes(ArmedRule armed)
    {
        var rule = armed.Rule;
        armed.Matched++;
        var limit = rule.Count ?? (rule.Nth is null ? int.MaxValue : 1);
        if (armed.Struck >= limit || armed.Matched < (rule.Nth ?? 1)
            || (rule.Probability is { } p && Share(seed, armed.Number, armed.Matched) >= p))
        {
            return false;
        }

        armed.Struck++;
        var kind = rule.Kind.ToString();
        kind = char.ToLowerInvariant(kind[0]) + kind[1..];
        _struck[kind] = _struck.GetValueOrDefault(kind) + 1;
        return true;
    }

    /// <summary>A number in [0, 1) that depends on nothing but its arguments (SplitMix64), so that a run can be repeated.</summary>
    private static double Share(int seed, int rule, int call)
    {
        var x = ((ulong)(uint)seed << 40) ^ ((ulong)(uint)rule << 24) ^ (uint)call;
        x += 0x9E3779B97F4A7C15UL;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9UL;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EBUL;
        x ^= x >> 31;
        return (x >> 11) / (double)(1UL << 53);
    }

    internal sealed class ArmedRule(int number, FaultRule rule)
    {
        public int Number => number;

        public FaultRule Rule => rule;

        public int Matched { get; set; }

        public int Struck { get; set; }
    }
}
