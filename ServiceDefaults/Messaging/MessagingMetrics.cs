using System.Diagnostics.Metrics;

namespace WpAsis.ServiceDefaults.Messaging;

/// <summary>Backlog and age of the outbox: what operators look at first when answers are late.</summary>
public sealed class MessagingMetrics
{
    private readonly Counter<long> _published;
    private long _backlog;
    private double _oldestSeconds;

    /// <summary>Makes the instruments.</summary>
    public MessagingMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("WpAsis.Messaging");
        _published = meter.CreateCounter<long>("wpasis.outbox.published", "{message}", "Messages the broker has confirmed");
        meter.CreateObservableGauge("wpasis.outbox.backlog", () => Interlocked.Read(ref _backlog), "{message}", "Messages waiting");
        meter.CreateObservableGauge("wpasis.outbox.oldest", () => Volatile.Read(ref _oldestSeconds), "s", "Age of the oldest one waiting");
    }

    internal void Published(int count) => _published.Add(count);

    internal void Backlog(long count, TimeSpan oldest)
    {
        Interlocked.Exchange(ref _backlog, count);
        Volatile.Write(ref _oldestSeconds, oldest.TotalSeconds);
    }
}
