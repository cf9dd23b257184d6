using Microsoft.EntityFrameworkCore;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Messaging;

namespace WpAsis.ServiceDefaults.Data;

/// <summary>What every service's database has: outbox, inbox, vault and system log, in snake_case.</summary>
public abstract class ServiceDbContext(DbContextOptions options) : DbContext(options)
{
    /// <summary>Messages to be published, written in the transaction that decided on them.</summary>
    public DbSet<OutboxMessage> Outbox => Set<OutboxMessage>();

    /// <summary>Messages that had their effect.</summary>
    public DbSet<InboxMessage> Inbox => Set<InboxMessage>();

    /// <inheritdoc />
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        foreach (var id in typeof(TenantId).Assembly.GetTypes().Where(IsTypedId))
            configurationBuilder.Properties(id).HaveConversion(typeof(TypedIdColumn<>).MakeGenericType(id));
        configurationBuilder.Properties<SealedText>().HaveConversion<SealedTextColumn>();
        configurationBuilder.Properties<Enum>().HaveConversion<string>();
    }

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<OutboxMessage>(OutboxMessage.Map);
        modelBuilder.Entity<InboxMessage>(InboxMessage.Map);
        modelBuilder.Entity<SystemLogRecord>(SystemLogRecord.Map);
        modelBuilder.MapVault();
        MapService(modelBuilder);
        modelBuilder.UseSnakeCase();
    }

    /// <summary>The service's own tables.</summary>
    protected abstract void MapService(ModelBuilder modelBuilder);

    private static bool IsTypedId(Type type) =>
        type.IsValueType && type.GetInterfaces().Any(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(ITypedId<>));
}
