using System.Diagnostics.Metrics;
using System.Threading.Channels;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.ServiceDefaults.Telemetry;

/// <summary>Log records on their way to the database. It never makes anybody wait: what does not fit is counted and forgotten.</summary>
internal sealed class SystemLogBuffer
{
    /// <summary>How many records may wait.</summary>
    public const int Capacity = 4_096;

    private readonly Channel<SystemLogRecord> _waiting = Channel.CreateBounded<SystemLogRecord>(
        new BoundedChannelOptions(Capacity) { SingleReader = true }
    );
    private readonly Counter<long> _written;
    private readonly Counter<long> _dropped;

    // What did not fit since the last record that did; the log itself says so.
    private long _gap;

    /// <summary>Makes the instruments.</summary>
    public SystemLogBuffer(IMeterFactory meters)
    {
        var meter = meters.Create("WpAsis.SystemLog");
        _written = meter.CreateCounter<long>("wpasis.system_log.written", "{record}", "Records that reached the database");
        _dropped = meter.CreateCounter<long>("wpasis.system_log.dropped", "{record}", "Records that did not, by reason");
    }

    public ChannelReader<SystemLogRecord> Reader => _waiting.Reader;

    /// <summary>Takes a record, or counts it.</summary>
    public void Add(SystemLogRecord record)
    {
        if (_waiting.Writer.TryWrite(record))
            return;
        Interlocked.Increment(ref _gap);
        Dropped(1, "full");
    }

    /// <summary>How many did not fit since it was last asked.</summary>
    public long TakeGap() => Interlocked.Exchange(ref _gap, 0);

    public void Written(int count) => _written.Add(count);

    public void Dropped(int count, string reason) => _dropped.Add(count, new KeyValuePair<string, object?>("reason", reason));
}
