using Microsoft.AspNetCore.Authentication.Cookies;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.Identity.Sessions;

/// <summary>Sign-in, the cookie that names a session, and the list of those that ended.</summary>
internal static class SessionsFeature
{
    /// <summary>The scheme of the cookie.</summary>
    public const string Scheme = "session";

    public static void AddSessions(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<SignIn>();
        builder.Services.AddScoped<SignOut>();
        builder.Services.AddSweeper<LoadRevokedSessions>();
        builder
            .Services.AddAuthentication()
            .AddCookie(
                Scheme,
                options =>
                {
                    // Cookies ignore ports: the name says whose it is.
                    options.Cookie.Name = "__Host-identity";
                    options.Cookie.SecurePolicy = CookieSecurePolicy.Always;
                    options.Cookie.SameSite = SameSiteMode.Lax;
                    options.Cookie.HttpOnly = true;
                    options.Cookie.IsEssential = true;
                    options.ExpireTimeSpan = Session.AbsoluteLife;
                    options.SlidingExpiration = false;
                    options.LoginPath = "/sign-in";
                    options.Events.OnValidatePrincipal = CheckSession.ValidateAsync;
                }
            );
        builder
            .Services.AddOptions<CookieAuthenticationOptions>(Scheme)
            .Configure<TimeProvider>((options, clock) => options.TimeProvider = clock);
    }

    public static void MapSessions(this IEndpointRouteBuilder routes) => routes.MapListRevokedSessions();
}
