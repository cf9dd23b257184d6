using System.Globalization;

namespace WpAsis.Sandbox.Clock;

internal static class Endpoints
{
    public static void AddClock(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton(_ => new SandboxTime(builder.Configuration["Clock:File"]));
        builder.Services.AddSingleton<TimeProvider>(services => services.GetRequiredService<SandboxTime>());
        builder.Services.AddSingleton<MoveClock>();
    }

    public static void MapClock(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(
            "/_sandbox/clock",
            (MoveClockRequest request, MoveClock move, CancellationToken cancellationToken) => move.HandleAsync(request, cancellationToken)
        );
        routes.MapGet(
            "/_sandbox/clock",
            (SandboxTime clock) => new { offset = clock.Offset.ToString("c", CultureInfo.InvariantCulture), now = clock.GetUtcNow() }
        );
    }
}
