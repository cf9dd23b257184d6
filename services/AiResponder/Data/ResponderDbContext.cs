using Microsoft.EntityFrameworkCore;
using WpAsis.AiResponder.Profiles;
using WpAsis.AiResponder.Replies;
using WpAsis.AiResponder.Tenants;
using WpAsis.AiResponder.Threads;
using WpAsis.AiResponder.Turns;
using WpAsis.AiResponder.Usages;
using WpAsis.Privacy.Sealing;
using WpAsis.Privacy.Subjects;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.AiResponder.Data;

/// <summary>The responder's database.</summary>
internal sealed class ResponderDbContext(DbContextOptions<ResponderDbContext> options) : ServiceDbContext(options)
{
    public DbSet<TenantRoute> TenantRoutes => Set<TenantRoute>();

    public DbSet<Profile> Profiles => Set<Profile>();

    public DbSet<TurnClock> Clocks => Set<TurnClock>();

    public DbSet<TurnMessage> Messages => Set<TurnMessage>();

    public DbSet<Amendment> Amendments => Set<Amendment>();

    public DbSet<Turn> Turns => Set<Turn>();

    public DbSet<Reply> Replies => Set<Reply>();

    public DbSet<HumanReply> HumanReplies => Set<HumanReply>();

    public DbSet<Usage> Usages => Set<Usage>();

    public DbSet<QuarantinedMessage> Quarantine => Set<QuarantinedMessage>();

    public DbSet<ContentAccess> ContentAccesses => Set<ContentAccess>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<SealedContent>().HaveConversion<SealedContentColumn>();
    }

    protected override void MapService(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<TenantRoute>(TenantRoute.Map);
        modelBuilder.Entity<Profile>(Profile.Map);
        modelBuilder.Entity<TurnClock>(TurnClock.Map);
        modelBuilder.Entity<TurnMessage>(TurnMessage.Map);
        modelBuilder.Entity<Amendment>(Amendment.Map);
        modelBuilder.Entity<Turn>(Turn.Map);
        modelBuilder.Entity<Reply>(Reply.Map);
        modelBuilder.Entity<HumanReply>(HumanReply.Map);
        modelBuilder.Entity<Usage>(Usage.Map);
        modelBuilder.Entity<QuarantinedMessage>(QuarantinedMessage.Map);
        modelBuilder.Entity<StoredReceipt>(StoredReceipt.Map);
        modelBuilder.Entity<ContentAccess>(ContentAccess.Map);
    }
}

internal sealed class ResponderDesignTime() : DesignTimeFactory<ResponderDbContext>(options => new(options));
