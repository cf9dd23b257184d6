using MassTransit;
using MassTransit.Middleware.Rescue;

namespace WpAsis.ServiceDefaults.Messaging;

/// <summary>
/// A poison message takes the name of its error with it into the error queue and nothing more: an exception's own words may quote what
/// a person wrote.
/// </summary>
internal sealed class ForgetWords : IFilter<ExceptionReceiveContext>
{
    /// <inheritdoc />
    public Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next) =>
        next.Send(new RescueExceptionReceiveContext(context, new HandlingFailedException(NameOf(context.Exception))));

    /// <inheritdoc />
    public void Probe(ProbeContext context) => context.CreateFilterScope(nameof(ForgetWords));

    private static string NameOf(Exception error) =>
        error.InnerException is { } inner ? $"{error.GetType().Name} ({inner.GetType().Name})" : error.GetType().Name;

    private sealed class HandlingFailedException(string name) : Exception(name);
}
