using MassTransit;
using WpAsis.Contracts.Identity;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.ServiceDefaults.Messaging;

/// <summary>An ended session is refused by this replica from now on.</summary>
public sealed class RevokeSessionConsumer(RevocationList revocations) : IConsumer<SessionRevoked>
{
    /// <inheritdoc />
    public Task Consume(ConsumeContext<SessionRevoked> context)
    {
        revocations.Add(context.Message.SessionId, context.Message.At);
        return Task.CompletedTask;
    }
}
