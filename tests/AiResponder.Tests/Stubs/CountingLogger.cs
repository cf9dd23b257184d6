using Microsoft.Extensions.Logging;

namespace WpAsis.AiResponder.Tests.Stubs;

/// <summary>Counts what one class says.</summary>
internal sealed class CountingLogger<T> : ILogger<T>
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => Interlocked.Increment(ref _count);
}
