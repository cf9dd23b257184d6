using Microsoft.Extensions.Time.Testing;
using WpAsis.Console.SignIn;

namespace WpAsis.Console.Tests.SignIn;

public sealed class RefreshFlightsTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero));
    private readonly RefreshFlights _flights = new();
    private int _renewals;

    // Identity takes a second use of a refresh token for theft and ends the session.
    [Fact]
    public async Task A_pages_parallel_requests_use_a_refresh_token_once()
    {
        var renewed = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(RunAsync)));

        _renewals.ShouldBe(1);
        renewed.ShouldAllBe(tokens => tokens.Access == "access-1");
    }

    [Fact]
    public async Task When_identity_was_away_the_next_request_tries_again()
    {
        await Should.ThrowAsync<HttpRequestException>(() => _flights.RunAsync("old", () => throw new HttpRequestException("away"), _clock));

        (await RunAsync()).Access.ShouldBe("access-1");
    }

    [Fact]
    public async Task A_renewal_is_not_kept_longer_than_a_page_needs_it()
    {
        await RunAsync();
        _clock.Advance(TimeSpan.FromMinutes(2));

        (await RunAsync()).Access.ShouldBe("access-2");
    }

    private Task<RenewedTokens> RunAsync() =>
        _flights.RunAsync(
            "old",
            () => Task.FromResult(new RenewedTokens($"access-{Interlocked.Increment(ref _renewals)}", "new", null)),
            _clock
        );
}
