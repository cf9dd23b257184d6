using System.Diagnostics.Metrics;

namespace WpAsis.Billing.Stripe;

/// <summary>What an operator watches about Stripe.</summary>
internal sealed class StripeMetrics
{
    private readonly Counter<long> _refused;
    private readonly Counter<long> _missed;
    private readonly Counter<long> _quarantined;
    private readonly Counter<long> _doubled;

    public StripeMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("WpAsis.Billing");
        _refused = meter.CreateCounter<long>("wpasis.stripe.refused", "{webhook}", "Webhooks that were not stored, by reason");
        _missed = meter.CreateCounter<long>("wpasis.stripe.missed", "{event}", "Events that Stripe lists and no webhook brought");
        _quarantined = meter.CreateCounter<long>("wpasis.stripe.quarantined", "{event}", "Events of nobody known, or not understood");
        _doubled = meter.CreateCounter<long>("wpasis.stripe.doubled", "{customer}", "Customers seen with two living subscriptions");
    }

    public void Refused(string reason) => _refused.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Missed(int events) => _missed.Add(events);

    public void Quarantined(int events) => _quarantined.Add(events);

    public void Doubled() => _doubled.Add(1);
}
