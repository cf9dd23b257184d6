using System.Diagnostics.Metrics;

namespace WpAsis.Billing.Usage;

/// <summary>What should be rare, counted.</summary>
internal sealed class UsageMetrics
{
    private readonly Counter<long> _unreserved;
    private readonly Counter<long> _late;
    private readonly Counter<long> _expired;

    public UsageMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("WpAsis.Billing");
        _unreserved = meter.CreateCounter<long>("wpasis.usage.unreserved", "{reply}", "Replies sent under a usage id never reserved here");
        _late = meter.CreateCounter<long>("wpasis.usage.late_words", "{message}", "Final words that came after another had been said");
        _expired = meter.CreateCounter<long>("wpasis.usage.expired", "{reservation}", "Reservations that nobody settled or released");
    }

    public void SettledUnreserved() => _unreserved.Add(1);

    public void WordTooLate() => _late.Add(1);

    public void Expired(int count) => _expired.Add(count);
}
