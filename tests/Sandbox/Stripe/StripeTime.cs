using WpAsis.Sandbox.Clock;

namespace WpAsis.Sandbox.Stripe;

/// <summary>
/// Stripe's clock. It follows the sandbox's, but only when every process of the system has moved: a webhook signed in somebody's future is
/// refused.
/// </summary>
internal sealed class StripeTime(SandboxTime clock) : TimeProvider
{
    private long _offset = clock.Offset.Ticks;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _offset));

    public void CatchUp() => Interlocked.Exchange(ref _offset, clock.Offset.Ticks);

    /// <summary>Now, as Stripe counts: in whole seconds.</summary>
    public DateTime Second()
    {
        var now = GetUtcNow().UtcDateTime;
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond));
    }
}
