using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using WpAsis.ServiceDefaults.Http;
using WpAsis.ServiceDefaults.Sweeping;

namespace WpAsis.ServiceDefaults.Security;

/// <summary>
/// Identity's tokens: ES256, type <c>at+jwt</c>, this service as audience, ten minutes, refused at once when the session was revoked.
/// Nothing is open unless it says so.
/// </summary>
public static class Authentication
{
    /// <summary>Audience of operators' tokens, and the scheme that reads them; management port only.</summary>
    public const string Operators = "operators";

    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(30);

    internal static void AddTokenValidation(this WebApplicationBuilder builder, string audience)
    {
        builder.Services.AddSingleton<RevocationList>();
        builder
            .Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
            .AddJwtBearer(options => Configure(options, builder.Configuration["Auth:Authority"], audience))
            .AddJwtBearer(Operators, options => Configure(options, builder.Configuration["Auth:Authority"], Operators));
        // Tokens live by the shifted clock too: a token of before the jump is old after it.
        foreach (var scheme in (string[])[JwtBearerDefaults.AuthenticationScheme, Operators])
            builder.Services.AddOptions<JwtBearerOptions>(scheme).Configure<TimeProvider>(ValidateLifetimeBy);
        builder
            .Services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder(JwtBearerDefaults.AuthenticationScheme).RequireAuthenticatedUser().Build())
            .AddPolicy(Policies.Member, policy => policy.RequireClaim(Claims.TenantId).RequireClaim(Claims.SessionId))
            .AddPolicy(Policies.Administrator, policy => policy.RequireClaim(Claims.TenantId).RequireRole("owner", "admin"))
            .AddPolicy(Policies.Agent, policy => policy.RequireClaim(Claims.TenantId).RequireRole("owner", "admin", "agent"))
            .AddPolicy(Policies.Service, policy => policy.RequireClaim(Claims.Service))
            .AddPolicy(Policies.Operator, policy => policy.AddAuthenticationSchemes(Operators).RequireClaim(Claims.Service, Operators));
    }

    private static void Configure(JwtBearerOptions options, string? authority, string audience)
    {
        options.Authority = authority;
        options.Audience = audience;
        options.MapInboundClaims = false;
        options.BackchannelHttpHandler = HttpClients.StrongHandler();
        options.BackchannelTimeout = TimeSpan.FromSeconds(5);
        options.TokenValidationParameters.ValidTypes = ["at+jwt"];
        options.TokenValidationParameters.ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256];
        options.TokenValidationParameters.NameClaimType = Claims.AccountId;
        options.TokenValidationParameters.RoleClaimType = Claims.Role;
        options.Events = new JwtBearerEvents { OnTokenValidated = RefuseRevoked };
    }

    private static void ValidateLifetimeBy(JwtBearerOptions options, TimeProvider clock) =>
        options.TokenValidationParameters.LifetimeValidator = (notBefore, expires, _, _) =>
        {
            var now = clock.GetUtcNow().UtcDateTime;
            return expires > now - Tolerance && (notBefore is null || notBefore < now + Tolerance);
        };

    /// <summary>Loads the revocation list from identity; identity itself fills its own from its database.</summary>
    internal static void AddRevocationLoader(this WebApplicationBuilder builder) => builder.Services.AddSweeper<LoadRevocations>();

    // Without the list nobody can say that a session still lives: 503, and webhooks, consumers and health go on.
    internal static void UseRevocations(this WebApplication app) =>
        app.Use(
            async (context, next) =>
            {
                var revocations = context.RequestServices.GetRequiredService<RevocationList>();
                if (revocations.IsLoaded || context.Request.Headers.Authorization.Count == 0)
                {
                    await next(context);
                    return;
                }
                context.Response.Headers.RetryAfter = "1";
                await Problems
                    .Of(StatusCodes.Status503ServiceUnavailable, "sessions-unknown", "Sessions can't be checked right now.")
                    .ExecuteAsync(context);
            }
        );

    private static Task RefuseRevoked(TokenValidatedContext context)
    {
        var revocations = context.HttpContext.RequestServices.GetRequiredService<RevocationList>();
        if (context.Principal?.FindSessionId() is { } session && revocations.Contains(session))
            context.Fail("The session has ended.");
        return Task.CompletedTask;
    }
}

/// <summary>Names of the authorization policies.</summary>
public static class Policies
{
    /// <summary>A signed-in member of a tenant, of any role.</summary>
    public const string Member = nameof(Member);

    /// <summary>Owner or admin.</summary>
    public const string Administrator = nameof(Administrator);

    /// <summary>Owner, admin or agent: may take over conversations.</summary>
    public const string Agent = nameof(Agent);

    /// <summary>Another service of ours.</summary>
    public const string Service = nameof(Service);

    /// <summary>An operator; management port only.</summary>
    public const string Operator = nameof(Operator);
}
