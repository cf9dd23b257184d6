using Microsoft.EntityFrameworkCore;
using WpAsis.MessagingGateway.Channels;
using WpAsis.MessagingGateway.Contacts;
using WpAsis.MessagingGateway.Media;
using WpAsis.MessagingGateway.Messages;
using WpAsis.MessagingGateway.Replies;
using WpAsis.MessagingGateway.Threads;
using WpAsis.MessagingGateway.Webhooks;
using WpAsis.Privacy.Subjects;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.MessagingGateway.Data;

/// <summary>The gateway's database: the only place that links a number or a user id to a person.</summary>
internal sealed class GatewayDbContext(DbContextOptions<GatewayDbContext> options) : ServiceDbContext(options)
{
    protected override void MapService(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<IntakeRow>(IntakeRow.Map);
        modelBuilder.Entity<QuarantineRow>(QuarantineRow.Map);
        modelBuilder.Entity<MessageKey>(MessageKey.Map);
        modelBuilder.Entity<TenantRoute>(TenantRoute.Map);
        modelBuilder.Entity<ChannelRoute>(ChannelRoute.Map);
        modelBuilder.Entity<SendRoute>(SendRoute.Map);
        modelBuilder.Entity<Channel>(Channel.Map);
        modelBuilder.Entity<Contact>(Contact.Map);
        modelBuilder.Entity<OptOut>(OptOut.Map);
        modelBuilder.Entity<ContactThread>(ContactThread.Map);
        modelBuilder.Entity<MessageLogEntry>(MessageLogEntry.Map);
        modelBuilder.Entity<DeliveryAttempt>(DeliveryAttempt.Map);
        modelBuilder.Entity<Send>(Send.Map);
        modelBuilder.Entity<MediaItem>(MediaItem.Map);
        modelBuilder.Entity<StoredReceipt>(StoredReceipt.Map);
    }
}

internal sealed class GatewayDesignTime() : DesignTimeFactory<GatewayDbContext>(options => new(options));
