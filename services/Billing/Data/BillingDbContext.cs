using Microsoft.EntityFrameworkCore;
using WpAsis.Billing.Checkouts;
using WpAsis.Billing.Ledger;
using WpAsis.Billing.Stripe;
using WpAsis.Billing.Subscriptions;
using WpAsis.Billing.Tenants;
using WpAsis.Billing.Trials;
using WpAsis.Billing.Usage;
using WpAsis.Billing.WhatsAppCosts;
using WpAsis.Privacy.Subjects;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.Billing.Data;

/// <summary>Subscriptions, counters, reservations and the ledger. Nobody's name is in here, and no message's words.</summary>
internal sealed class BillingDbContext(DbContextOptions<BillingDbContext> options) : ServiceDbContext(options)
{
    public DbSet<TenantRoute> TenantRoutes => Set<TenantRoute>();

    public DbSet<Subscription> Subscriptions => Set<Subscription>();

    public DbSet<UsageCounter> UsageCounters => Set<UsageCounter>();

    public DbSet<Reservation> Reservations => Set<Reservation>();

    public DbSet<HeldReservation> HeldReservations => Set<HeldReservation>();

    public DbSet<NumberTrial> NumberTrials => Set<NumberTrial>();

    public DbSet<ConnectedNumber> ConnectedNumbers => Set<ConnectedNumber>();

    public DbSet<LedgerEntry> Ledger => Set<LedgerEntry>();

    public DbSet<WhatsAppCost> WhatsAppCosts => Set<WhatsAppCost>();

    public DbSet<Checkout> Checkouts => Set<Checkout>();

    public DbSet<StripeRoute> StripeRoutes => Set<StripeRoute>();

    public DbSet<StripeEvent> StripeEvents => Set<StripeEvent>();

    public DbSet<StripeCursor> StripeCursors => Set<StripeCursor>();

    protected override void MapService(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<TenantRoute>(TenantRoute.Map);
        modelBuilder.Entity<Subscription>(Subscription.Map);
        modelBuilder.Entity<UsageCounter>(UsageCounter.Map);
        modelBuilder.Entity<Reservation>(Reservation.Map);
        modelBuilder.Entity<HeldReservation>(HeldReservation.Map);
        modelBuilder.Entity<NumberTrial>(NumberTrial.Map);
        modelBuilder.Entity<ConnectedNumber>(ConnectedNumber.Map);
        modelBuilder.Entity<LedgerEntry>(LedgerEntry.Map);
        modelBuilder.Entity<WhatsAppCost>(WhatsAppCost.Map);
        modelBuilder.Entity<StoredReceipt>(StoredReceipt.Map);
        modelBuilder.Entity<Checkout>(Checkout.Map);
        modelBuilder.Entity<StripeRoute>(StripeRoute.Map);
        modelBuilder.Entity<StripeEvent>(StripeEvent.Map);
        modelBuilder.Entity<StripeCursor>(StripeCursor.Map);
    }
}

internal sealed class BillingDesignTime() : DesignTimeFactory<BillingDbContext>(options => new(options));
