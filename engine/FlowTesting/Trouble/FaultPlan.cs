using WorkflowEngine.Definitions;
using WorkflowEngine.Simulators.Faults;

namespace WorkflowEngine.FlowTesting;

/// <summary>The faults of one test: which call of which step they strike.</summary>
internal sealed class FaultPlan(IReadOnlyList<TestFault> faults)
{
    private readonly int[] _left = [.. faults.Select(f => f.Times)];
    private readonly Lock _gate = new();

    /// <summary>Faults that struck less often than they should have: the step made no such call.</summary>
    public IReadOnlyList<TestFault> Unspent
    {
        get { lock (_gate) return [.. faults.Where((_, i) => _left[i] > 0)]; }
    }

    /// <summary>The fault of the simulator that strikes this call; taken from the plan. A crash is no fault of the outside: see <see cref="TakeCrash"/>.</summary>
    public FaultRule? Take(IReadOnlyList<string> steps, bool write)
    {
        lock (_gate)
        {
            for (var i = 0; i < faults.Count; i++)
            {
                var fault = faults[i];
                if (_left[i] == 0 || fault.Fail.Value == "crash" || !steps.Contains(fault.Step.Value)) continue;
                // A lost answer and a vendor's refusal of a record are things of writes; a step that matches first also reads.
                if (!write && !StrikesReads(fault.Fail.Value)) continue;
                _left[i]--;
                return Rule(fault.Fail.Value);
            }
        }

        return null;
    }

    /// <summary>Whether the process dies at this step now.</summary>
    public bool TakeCrash(string step)
    {
        lock (_gate)
        {
            for (var i = 0; i < faults.Count; i++)
            {
                if (_left[i] == 0 || faults[i].Fail.Value != "crash" || faults[i].Step.Value != step) continue;
                _left[i]--;
                return true;
            }
        }

        return false;
    }

    private static bool StrikesReads(string word) => word is "rateLimited" or "unavailable" or "timeoutBefore" or "malformed" or "slow";

    private static FaultRule Rule(string word) => word switch
    {
        "rateLimited" => new FaultRule { Kind = FaultKind.RateLimited, Count = 1, RetryAfterSeconds = 20 },
        "unavailable" => new FaultRule { Kind = FaultKind.Unavailable, Count = 1 },
        "timeoutBefore" => new FaultRule { Kind = FaultKind.TimeoutBefore, Count = 1 },
        "lostAnswer" => new FaultRule { Kind = FaultKind.LostAnswer, Count = 1 },
        "malformed" => new FaultRule { Kind = FaultKind.Malformed, Count = 1 },
        "slow" => new FaultRule { Kind = FaultKind.Slow, Count = 1, DelayMs = 20_000 },
        _ => new FaultRule { Kind = FaultKind.VendorError, Count = 1, Rows = true, Code = word, Message = "Refused by the test." },
    };
}
