using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using WpAsis.Billing.Plans;
using WpAsis.Contracts.Billing;
using WpAsis.Privacy.Classification;
using WpAsis.Privacy.Ids;

namespace WpAsis.Billing.Subscriptions;

/// <summary>Where a subscription stands.</summary>
internal enum SubscriptionState
{
    /// <summary>On trial.</summary>
    Trialing,

    /// <summary>A connected number had its trial with another customer.</summary>
    TrialRefused,

    /// <summary>The trial's days are over.</summary>
    TrialEnded,

    /// <summary>On a plan that renews.</summary>
    Active,

    /// <summary>A payment failed; answers go on for the plan's grace.</summary>
    PastDue,

    /// <summary>It was not paid in time, or paying was paused.</summary>
    Suspended,

    /// <summary>Cancelled, and its time is over.</summary>
    Ended,

    /// <summary>The customer left.</summary>
    Closed,
}

/// <summary>What a customer is on, and which period it is in.</summary>
[NotPersonal("a business's plan and times")]
internal sealed class Subscription
{
    public required TenantId TenantId { get; init; }

    [NotPersonal("a plan's id")]
    public required string Plan { get; set; }

    public required SubscriptionState State { get; set; }

    /// <summary>Start of the plan's first period; months are counted from here.</summary>
    public required DateTimeOffset Anchor { get; set; }

    /// <summary>Number of the period: names its counter. Rises over all plans and never starts again.</summary>
    public int Period { get; set; }

    public required DateTimeOffset PeriodStart { get; set; }

    public required DateTimeOffset PeriodEnd { get; set; }

    /// <summary>Stripe's subscription that pays for the plan; null on a trial or where an operator gave the plan.</summary>
    [NotPersonal("Stripe's id of a business's subscription")]
    public string? StripeId { get; set; }

    /// <summary>Cancelled at Stripe: it goes on until the period's end.</summary>
    public bool CancelAtPeriodEnd { get; set; }

    /// <summary>Rises whenever what Stripe said is written: who asked before and writes after is refused.</summary>
    public long StripeVersion { get; set; }

    /// <summary>Of what was last said by EntitlementsChanged.</summary>
    public long Version { get; set; }

    /// <summary>The day of the last mail that said nothing is left: one a day, however many are refused.</summary>
    public DateOnly? NoticedOn { get; set; }

    public static Subscription OnTrial(TenantId tenant, DateTimeOffset at)
    {
        var now = WholeSecond(at);
        return new()
        {
            TenantId = tenant,
            Plan = Plans.Plan.Trial.Id,
            State = SubscriptionState.Trialing,
            Anchor = now,
            Period = 1,
            PeriodStart = now,
            PeriodEnd = Plans.Plan.Trial.EndOf(now, 0),
        };
    }

    /// <summary>Stripe knows when it is paid and when its periods begin.</summary>
    public bool IsPaid => StripeId is not null && State is not (SubscriptionState.Ended or SubscriptionState.Closed);

    /// <summary>
    /// After this moment nothing is granted. An unpaid period has its grace from its start, a paid one from its end, should Stripe be away;
    /// one that was cancelled has none.
    /// </summary>
    public DateTimeOffset ValidUntil =>
        State is SubscriptionState.PastDue ? PeriodStart + Plans.Plan.Of(Plan).Grace
        : CancelAtPeriodEnd ? PeriodEnd
        : PeriodEnd + Plans.Plan.Of(Plan).Grace;

    /// <summary>The state at a moment: a sweeper that is late makes no trial and no grace longer.</summary>
    public SubscriptionState StateAt(DateTimeOffset now) =>
        State switch
        {
            SubscriptionState.Trialing when now >= PeriodEnd => SubscriptionState.TrialEnded,
            SubscriptionState.Active or SubscriptionState.PastDue when IsPaid && now >= ValidUntil => SubscriptionState.Suspended,
            _ => State,
        };

    /// <summary>Why nothing is reserved at a moment; null where the counter decides.</summary>
    public DenialReason? RefusalAt(DateTimeOffset now) =>
        StateAt(now) switch
        {
            SubscriptionState.Trialing or SubscriptionState.Active or SubscriptionState.PastDue => null,
            SubscriptionState.TrialEnded => DenialReason.TrialEnded,
            SubscriptionState.Closed => DenialReason.TenantClosed,
            _ => DenialReason.NotEntitled,
        };

    /// <summary>True when the next period has begun and this one does not know. Where somebody pays, Stripe says when one begins.</summary>
    public bool IsBehind(DateTimeOffset now) => State is SubscriptionState.Active && !IsPaid && now >= PeriodEnd;

    /// <summary>Enters the period that holds a moment, however many have passed unused.</summary>
    public void EnterPeriodOf(DateTimeOffset now)
    {
        var plan = Plans.Plan.Of(Plan);
        var index = 0;
        while (plan.EndOf(Anchor, index) <= now)
            index++;
        PeriodStart = index == 0 ? Anchor : plan.EndOf(Anchor, index - 1);
        PeriodEnd = plan.EndOf(Anchor, index);
        Period++;
    }

    /// <summary>A plan from now on; what is left of the old period is left.</summary>
    public void Give(Plan plan, DateTimeOffset now)
    {
        Plan = plan.Id;
        State = SubscriptionState.Active;
        StripeId = null;
        CancelAtPeriodEnd = false;
        StripeVersion++;
        Anchor = WholeSecond(now);
        EnterPeriodOf(Anchor);
    }

    // The database keeps microseconds and .NET more: what was announced must be what is read back.
    private static DateTimeOffset WholeSecond(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerSecond));

    internal static void Map(EntityTypeBuilder<Subscription> entity)
    {
        entity.ToTable("subscription");
        entity.HasKey(subscription => subscription.TenantId);
        entity.Property(subscription => subscription.Plan).HasMaxLength(40);
        entity.Property(subscription => subscription.StripeId).HasMaxLength(255);
        entity.Ignore(subscription => subscription.IsPaid);
        entity.Ignore(subscription => subscription.ValidUntil);
    }
}
