using System.Collections.Concurrent;

namespace WpAsis.Billing.Stripe;

/// <summary>Prices by plan. They are made in Stripe's dashboard under the plan's id as lookup key; kept here for minutes.</summary>
internal sealed class PriceList(StripeApi stripe, TimeProvider clock)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan PauseAfterOutage = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<string, KeptPrice> _kept = new(StringComparer.Ordinal);

    /// <summary>The price of a plan; null where it has none.</summary>
    public async Task<StripePrice?> GetAsync(string plan, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (_kept.TryGetValue(plan, out var kept) && kept is { Price: not null } && IsFresh(kept, now))
            return kept.Price;
        var price = await stripe.FindPriceAsync(plan, cancellationToken);
        _kept[plan] = new(price, now, now + Life);
        return price;
    }

    /// <summary>The same where nobody pays: while Stripe is away, the last price that was known, or none.</summary>
    public async Task<StripePrice?> ShowAsync(string plan, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (_kept.TryGetValue(plan, out var kept) && IsFresh(kept, now))
            return kept.Price;
        try
        {
            return await GetAsync(plan, cancellationToken);
        }
        catch (StripeAwayException)
        {
            _kept[plan] = new(kept?.Price, now, now + PauseAfterOutage);
            return kept?.Price;
        }
    }

    // A clock that was moved back keeps no price for years.
    private static bool IsFresh(KeptPrice kept, DateTimeOffset now) => kept.From <= now && now < kept.Until;

    private sealed record KeptPrice(StripePrice? Price, DateTimeOffset From, DateTimeOffset Until);
}
