using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Mvc;
using WpAsis.Web;

namespace WpAsis.DataSubjectRequest.Pages;

/// <summary>
/// The public pages for WhatsApp users. There is no cookie that a stranger's form could use: who has the secret link has the request.
/// </summary>
internal static class PagesFeature
{
    private const int MostInAnHour = 30;

    public static void AddPages(this WebApplicationBuilder builder)
    {
        builder
            .AddWeb("data-subject-request")
            .AddRazorPagesOptions(options =>
                options.Conventions.AllowAnonymousToFolder("/").ConfigureFilter(new IgnoreAntiforgeryTokenAttribute())
            );
        builder.Services.AddSingleton(new SubmitLimit(MostInAnHour));
        // These write whole addresses, and a link's secret is part of one.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Routing", LogLevel.Warning);
    }

    public static void MapPages(this WebApplication app)
    {
        app.MapWeb();
        app.MapRazorPages();
        app.MapGet("/", () => Results.Redirect("/privacy")).AllowAnonymous();
    }
}

/// <summary>How many requests one address may make; counted by each process for itself.</summary>
internal sealed class SubmitLimit(int mostInAnHour) : IDisposable
{
    private readonly PartitionedRateLimiter<string> _limiter = PartitionedRateLimiter.Create<string, string>(address =>
        RateLimitPartition.GetSlidingWindowLimiter(
            address,
            _ =>
                new()
                {
                    PermitLimit = mostInAnHour,
                    Window = TimeSpan.FromHours(1),
                    SegmentsPerWindow = 6,
                }
        )
    );

    public bool TryEnter(HttpContext context)
    {
        using var lease = _limiter.AttemptAcquire(context.Connection.RemoteIpAddress?.ToString() ?? "unknown");
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();
}
