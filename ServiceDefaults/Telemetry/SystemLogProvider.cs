using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.ServiceDefaults.Telemetry;

/// <summary>
/// Hands every record of level Information and above to the system log, as console and OTLP get it: after redaction. Of an exception only
/// its type is kept, because its sentence may quote a row.
/// </summary>
[ProviderAlias("SystemLog")]
internal sealed class SystemLogProvider(SystemLogBuffer buffer, TimeProvider clock) : ILoggerProvider
{
    /// <summary>The writer's own troubles go to the console only, or each would make the next.</summary>
    public const string WriterCategory = "WpAsis.ServiceDefaults.Telemetry.WriteSystemLog";

    private const int LongestName = 256;
    private const int LongestMessage = 4 * 1024;

    /// <summary>Which process.</summary>
    public static string Instance { get; } = Environment.MachineName + ":" + Environment.ProcessId;

    public ILogger CreateLogger(string categoryName) =>
        categoryName.StartsWith(WriterCategory, StringComparison.Ordinal)
            ? NullLogger.Instance
            : new Logger(this, Fit(categoryName, LongestName));

    public void Dispose() { }

    private void Add(LogLevel level, string category, EventId id, string message, Exception? exception) =>
        buffer.Add(
            new SystemLogRecord
            {
                ArrivedAt = clock.GetUtcNow(),
                Id = TypedId.NewGuid(clock),
                Instance = Instance,
                Level = level.ToString(),
                Category = category,
                EventName = id.Name is { } name ? Fit(name, LongestName) : null,
                Message = Fit(exception is null ? message : $"{message} ({TypesOf(exception)})", LongestMessage),
                TraceId = Activity.Current?.TraceId.ToString(),
            }
        );

    private static string TypesOf(Exception exception) =>
        exception.InnerException is { } inner ? $"{exception.GetType().Name} < {inner.GetType().Name}" : exception.GetType().Name;

    // PostgreSQL takes no NUL and no half of a pair.
    private static string Fit(string text, int most)
    {
        var cut = text.Length <= most ? text : text[..most];
        return cut.AsSpan().IndexOf('\0') < 0 && !cut.Any(char.IsSurrogate)
            ? cut
            : System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(cut)).Replace('\0', '\ufffd');
    }

    private sealed class Logger(SystemLogProvider provider, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Information and not LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
                provider.Add(logLevel, category, eventId, formatter(state, exception), exception);
        }
    }
}
