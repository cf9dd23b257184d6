using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Billing.Stripe;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;

namespace WpAsis.Billing.Checkouts;

/// <summary>How far a payment came.</summary>
internal enum CheckoutState
{
    /// <summary>The person may pay.</summary>
    Open,

    /// <summary>The person paid.</summary>
    Completed,

    /// <summary>Nobody paid in time.</summary>
    Expired,
}

/// <summary>
/// A payment that was begun. Written before Stripe is asked, with all that the call says, so that whoever asks again after a crash makes
/// the same call under the same key. One is open at a time: two could be paid twice.
/// </summary>
[NotPersonal("a plan, and addresses of pages")]
internal sealed class Checkout
{
    public required Guid Id { get; init; }

    public required TenantId TenantId { get; init; }

    [NotPersonal("a plan's id")]
    public required string Plan { get; init; }

    [NotPersonal("Stripe's id of a price")]
    public required string PriceId { get; init; }

    [NotPersonal("a page of the console")]
    public required string ReturnUrl { get; init; }

    /// <summary>Part of the key; raised where Stripe keeps an error under it.</summary>
    public int Epoch { get; set; }

    [NotPersonal("Stripe's id of a payment page")]
    public string? SessionId { get; set; }

    [NotPersonal("a payment page; it asks the person, and shows nothing of it")]
    public string? Url { get; set; }

    public DateTimeOffset? ExpiresAt { get; set; }

    public CheckoutState State { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public static void Map(EntityTypeBuilder<Checkout> entity)
    {
        entity.ToTable("checkout");
        entity.HasKey(checkout => checkout.Id);
        entity.Property(checkout => checkout.Plan).HasMaxLength(40);
        entity.Property(checkout => checkout.PriceId).HasMaxLength(255);
        entity.Property(checkout => checkout.ReturnUrl).HasMaxLength(2_000);
        entity.Property(checkout => checkout.SessionId).HasMaxLength(255);
        entity.Property(checkout => checkout.Url).HasMaxLength(4_000);
        entity.HasIndex(checkout => checkout.TenantId).IsUnique().HasFilter("state = 'Open'");
    }
}

/// <summary>A payment page that can still be gone to.</summary>
internal sealed record CheckoutView(string Plan, string Url, DateTimeOffset ExpiresAt)
{
    public static CheckoutView? Of(Checkout? checkout) =>
        checkout is { Url: { } url, ExpiresAt: { } expiresAt } ? new(checkout.Plan, url, expiresAt) : null;
}

/// <summary>What is done to payments in an open transaction.</summary>
internal static class CheckoutRows
{
    /// <summary>The payment that can still be made.</summary>
    public static Task<Checkout?> FindOpenAsync(this DbSet<Checkout> checkouts, DateTimeOffset now, CancellationToken cancellationToken) =>
        checkouts
            .AsNoTracking()
            .SingleOrDefaultAsync(checkout => checkout.State == CheckoutState.Open && checkout.ExpiresAt > now, cancellationToken);

    /// <summary>Stripe says that it is over.</summary>
    public static Task CloseAsync(this DbSet<Checkout> checkouts, HostedSession session, CancellationToken cancellationToken)
    {
        var state = session.Status == "complete" ? CheckoutState.Completed : CheckoutState.Expired;
        return checkouts
            .Where(checkout => checkout.SessionId == session.Id && checkout.State == CheckoutState.Open)
            .ExecuteUpdateAsync(set => set.SetProperty(checkout => checkout.State, state), cancellationToken);
    }
}
