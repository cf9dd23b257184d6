using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Faults;

/// <summary>The faults that wait for their turn. First come, first struck; one call meets one fault.</summary>
internal sealed class FaultList
{
    private const int Limit = 1000;
    private readonly Lock _lock = new();
    private readonly List<Fault> _faults = [];

    public string? Add(Fault fault)
    {
        if (!Fault.Targets.Contains(fault.Target, StringComparer.Ordinal))
            return "target is one of: " + string.Join(", ", Fault.Targets);
        if (!Fault.Kinds.Contains(fault.Kind, StringComparer.Ordinal))
            return "kind is one of: " + string.Join(", ", Fault.Kinds);
        fault.Id = "flt_" + RandomIds.Alphanumeric(12);
        fault.Struck = 0;
        lock (_lock)
        {
            if (_faults.Count >= Limit)
                return $"at most {Limit} faults";
            _faults.Add(fault);
        }
        return null;
    }

    /// <summary>The fault that this call meets, if any. Status faults are taken by those who play statuses only.</summary>
    public Fault? Take(string target, string text, bool ofStatus = false, bool matchOnly = false, bool answers = true)
    {
        lock (_lock)
        {
            foreach (var fault in _faults)
            {
                if (
                    fault.Target != target
                    || fault.OfStatus != ofStatus
                    || fault.Spent
                    || (matchOnly && fault.Match is null)
                    || (fault.OfAnswer && !answers)
                )
                    continue;
                if (fault.Match is { } match && !text.Contains(match, StringComparison.OrdinalIgnoreCase))
                    continue;
                if (!RandomIds.Chance(fault.Rate ?? 1))
                    continue;
                fault.Struck++;
                return fault;
            }
        }
        return null;
    }

    public IReadOnlyList<Fault> All()
    {
        lock (_lock)
            return [.. _faults];
    }

    public void Clear()
    {
        lock (_lock)
            _faults.Clear();
    }
}
