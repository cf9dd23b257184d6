using WpAsis.AiResponder.Tenants;
using WpAsis.Privacy.KeyRings;

namespace WpAsis.AiResponder.Turns;

/// <summary>How turns are timed (section <c>Turns</c>). The defaults are the design's.</summary>
internal sealed record TurnSettings
{
    /// <summary>Silence that ends collecting: with claim, reservation and seal an answer then costs 2.5 s beside the model.</summary>
    public TimeSpan Collect { get; init; } = TimeSpan.FromSeconds(2.3);

    public TimeSpan CollectAtMost { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(7);

    public TimeSpan LookAhead { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Age at which a question is no longer answered.</summary>
    public TimeSpan MaxReplyAge { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How much longer than that a reservation holds.</summary>
    public TimeSpan ReservationMargin { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a turn waits for a first published profile.</summary>
    public TimeSpan ProfileWait { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A contact is told at most once in this time that no answer may be made.</summary>
    public TimeSpan DeniedPause { get; init; } = TimeSpan.FromHours(24);

    public short MaxRebuilds { get; init; } = 2;

    /// <summary>Attempts that may end with a lost lease or an error of ours; then a fixed text is sent.</summary>
    public short MaxAttempts { get; init; } = 3;

    /// <summary>Claims that may come to nothing; then the turn is closed.</summary>
    public short MaxClaims { get; init; } = 20;

    /// <summary>Turns worked on at once by one replica. None holds a connection while the model runs.</summary>
    public int MaxRunning { get; init; } = 200;

    /// <summary>Most that a turn may cost, in micro-units of the operator's currency.</summary>
    public long CostCeiling { get; init; } = 50_000;

    public TurnPace PaceOf(TenantRoute? route) =>
        new(
            route?.CollectMilliseconds is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : Collect,
            CollectAtMost,
            MaxAgeOf(route)
        );

    // At most the window minus two hours: later than that nothing could be sent anyway.
    private TimeSpan MaxAgeOf(TenantRoute? route)
    {
        var age = route?.MaxReplyAgeSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : MaxReplyAge;
        var most = TimeSpan.FromHours((int)(route?.Window ?? WindowClass.Hours24)) - TimeSpan.FromHours(2);
        return age < most ? age : most;
    }
}

/// <summary>The times of one customer.</summary>
/// <param name="Collect">Silence that ends collecting.</param>
/// <param name="CollectAtMost">Longest collecting.</param>
/// <param name="MaxReplyAge">Age at which a question is no longer answered.</param>
internal sealed record TurnPace(TimeSpan Collect, TimeSpan CollectAtMost, TimeSpan MaxReplyAge);
