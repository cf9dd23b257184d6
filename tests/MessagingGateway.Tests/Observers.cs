using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using WpAsis.Privacy.Ids;

namespace WpAsis.MessagingGateway.Tests;

/// <summary>A connected number.</summary>
internal sealed record TestChannel(TenantId Tenant, ChannelId Id, string PhoneNumberId, string WabaId);

/// <summary>Listens to one instrument of one application.</summary>
internal sealed class Counted : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public Counted(IMeterFactory meters, string instrument)
    {
        _listener.InstrumentPublished = (published, listener) =>
        {
            if (published.Name == instrument && ReferenceEquals(published.Meter.Scope, meters))
                listener.EnableMeasurementEvents(published);
        };
        _listener.SetMeasurementEventCallback<long>(
            (_, value, tags, _) => _counts.AddOrUpdate(tags.Length == 0 ? "" : (string)tags[0].Value!, value, (_, before) => before + value)
        );
        _listener.Start();
    }

    public long this[string label] => _counts.GetValueOrDefault(label);

    public IReadOnlyDictionary<string, long> All => _counts;

    public void Dispose() => _listener.Dispose();
}

/// <summary>Everything that was logged, as a reader of the logs would see it.</summary>
internal sealed class CapturedLogs : ILoggerProvider
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = new();

    public IEnumerable<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose() { }

    private sealed class Logger(CapturedLogs logs, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => logs._lines.Enqueue($"{category}: {formatter(state, exception)} {exception}");
    }
}
