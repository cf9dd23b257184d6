using System.Diagnostics.Metrics;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.CloudApi;

namespace WpAsis.MessagingGateway.Replies;

/// <summary>What becomes of sends. Doubled sends must stay 0 wherever statuses flow.</summary>
internal sealed class SendMetrics
{
    private readonly Counter<long> _calls;
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _repeated;
    private readonly Counter<long> _doubled;
    private readonly Counter<long> _circuits;
    private long _doubledTotal;

    /// <summary>Makes the instruments.</summary>
    public SendMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("WpAsis.MessagingGateway.Replies");
        _calls = meter.CreateCounter<long>("wpasis.send.calls", "{call}", "Calls of the Graph API by what their answer meant");
        _accepted = meter.CreateCounter<long>("wpasis.send.accepted", "{reply}", "Replies that WhatsApp took");
        _dropped = meter.CreateCounter<long>("wpasis.send.dropped", "{reply}", "Replies that were not sent, by reason");
        _repeated = meter.CreateCounter<long>("wpasis.send.repeated", "{reply}", "Calls of unknown outcome that were made once more");
        _doubled = meter.CreateCounter<long>("wpasis.send.doubled", "{reply}", "Replies that WhatsApp took twice; must stay 0");
        _circuits = meter.CreateCounter<long>("wpasis.send.circuits_opened", "{channel}", "Numbers that were stopped");
    }

    /// <summary>Replies known to have been taken twice since the start.</summary>
    public long DoubledTotal => Interlocked.Read(ref _doubledTotal);

    public void Called(GraphVerdict verdict) => _calls.Add(1, new KeyValuePair<string, object?>("verdict", verdict.ToString()));

    public void Accepted(int count) => _accepted.Add(count);

    public void Dropped(DropReason reason) => _dropped.Add(1, new KeyValuePair<string, object?>("reason", reason.ToString()));

    public void Repeated() => _repeated.Add(1);

    public void Doubled(int count)
    {
        if (count == 0)
            return;
        Interlocked.Add(ref _doubledTotal, count);
        _doubled.Add(count);
    }

    public void CircuitOpened() => _circuits.Add(1);
}
