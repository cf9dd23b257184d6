using MassTransit;

namespace WpAsis.ServiceDefaults.Messaging;

/// <summary>
/// A poison message takes the name of its error with it into the error queue and nothing more: an exception's own words may quote what
/// a person wrote.
/// </summary>
internal sealed class ForgetWords : IFilter<ExceptionReceiveContext>
{
    /// <summary>Where the names stand in an error queue: in the place of the exception's own words.</summary>
    public const string FaultHeader = "MT-Fault-Message";

    /// <inheritdoc />
    public Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next)
    {
        context.ExceptionHeaders.Set(MessageHeaders.FaultMessage, context.Exception.GetType().Name);
        return next.Send(context);
    }

    /// <inheritdoc />
    public void Probe(ProbeContext context) => context.CreateFilterScope(nameof(ForgetWords));
}
