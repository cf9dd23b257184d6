using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WpAsis.MessagingGateway.Channels;
using WpAsis.MessagingGateway.Data;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Data;
using WpAsis.ServiceDefaults.Http;

namespace WpAsis.MessagingGateway.Operators;

/// <summary>Whether a number sends.</summary>
/// <param name="ChannelId">The number.</param>
/// <param name="Paused">Nothing is sent; what comes in is taken in as ever.</param>
/// <param name="PausedAt">Since when.</param>
internal sealed record ChannelPause(ChannelId ChannelId, bool Paused, DateTimeOffset? PausedAt);

/// <summary>
/// Stops sending through a number, until it is resumed: answers wait for as long as they may be sent at all, and intake goes on.
/// A call that is under way ends; after the answer none begins.
/// </summary>
internal static class PauseChannelEndpoint
{
    public static void MapPauseChannel(this IEndpointRouteBuilder operators) =>
        operators.MapPost(
            "/channels/{channelId}/pause",
            (ChannelId channelId, PauseChannel pause, CancellationToken cancellationToken) =>
                HandleAsync(pause, channelId, paused: true, cancellationToken)
        );

    public static void MapResumeChannel(this IEndpointRouteBuilder operators) =>
        operators.MapPost(
            "/channels/{channelId}/resume",
            (ChannelId channelId, PauseChannel pause, CancellationToken cancellationToken) =>
                HandleAsync(pause, channelId, paused: false, cancellationToken)
        );

    private static async Task<Results<Ok<ChannelPause>, ProblemHttpResult>> HandleAsync(
        PauseChannel pause,
        ChannelId channel,
        bool paused,
        CancellationToken cancellationToken
    ) =>
        await pause.RunAsync(channel, paused, cancellationToken) is { } state
            ? TypedResults.Ok(state)
            : Problems.Of(StatusCodes.Status404NotFound, "no-such-channel", "There is no such number.");
}

/// <summary>Sets or lifts a number's pause, under the row lock that every sender takes. A second time changes nothing.</summary>
internal sealed partial class PauseChannel(WorkDb<GatewayDbContext> work, TimeProvider clock, ILogger<PauseChannel> logger)
{
    /// <summary>How the number stands then; null where there is none.</summary>
    public async Task<ChannelPause?> RunAsync(ChannelId channel, bool paused, CancellationToken cancellationToken)
    {
        await using var db = work.CreateContext();
        if (await FindTenantAsync(db, channel, cancellationToken) is not { } tenant)
            return null;
        var rows = await db.InTenantAsync(
            tenant,
            (inner, token) =>
                inner
                    .Connection()
                    .ReadAsync(
                        """
                        update channel set paused_at = case when $2 then coalesce(paused_at, $3) end where id = $1
                        returning paused_at
                        """,
                        [channel.Value, paused, clock.GetUtcNow()],
                        row => new ChannelPause(channel, paused, row.Maybe<DateTimeOffset>("paused_at")),
                        token
                    ),
            cancellationToken
        );
        if (rows is not [var state])
            return null;
        PauseChanged(logger, channel, paused ? "paused" : "resumed");
        return state;
    }

    private static async Task<TenantId?> FindTenantAsync(GatewayDbContext db, ChannelId channel, CancellationToken cancellationToken) =>
        (await db.Set<ChannelRoute>().AsNoTracking().FirstOrDefaultAsync(route => route.ChannelId == channel, cancellationToken))?.TenantId;

    [LoggerMessage(Level = LogLevel.Information, Message = "Sending through {Channel} was {Change} by an operator")]
    private static partial void PauseChanged(ILogger logger, ChannelId channel, string change);
}
