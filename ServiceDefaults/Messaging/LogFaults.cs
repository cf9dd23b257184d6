using MassTransit;
using Microsoft.Extensions.Logging;

namespace WpAsis.ServiceDefaults.Messaging;

/// <summary>
/// Says that a message could not be handled, by the names of the types: an exception's own words may quote what a person wrote, and
/// MassTransit would print all of them.
/// </summary>
internal sealed partial class LogFaults(ILogger<LogFaults> logger) : IReceiveObserver
{
    /// <summary>Under this name MassTransit logs whole exceptions of consumers.</summary>
    public const string ReplacedCategory = "MassTransit.ReceiveTransport";

    /// <inheritdoc />
    public Task ConsumeFault<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception)
        where T : class
    {
        Failed(logger, typeof(T).Name, consumerType, exception.GetType().Name, exception.InnerException?.GetType().Name);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task ReceiveFault(ReceiveContext context, Exception exception)
    {
        NotReceived(logger, context.InputAddress.AbsolutePath, exception.GetType().Name);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task PreReceive(ReceiveContext context) => Task.CompletedTask;

    /// <inheritdoc />
    public Task PostReceive(ReceiveContext context) => Task.CompletedTask;

    /// <inheritdoc />
    public Task PostConsume<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType)
        where T : class => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Error, Message = "{Type} failed in {Consumer} with {Error} ({Inner}) and goes to the error queue")]
    private static partial void Failed(ILogger logger, string type, string consumer, string error, string? inner);

    [LoggerMessage(Level = LogLevel.Error, Message = "A message at {Queue} could not be received ({Error})")]
    private static partial void NotReceived(ILogger logger, string queue, string error);
}
