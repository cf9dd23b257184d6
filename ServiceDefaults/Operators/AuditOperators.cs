using System.Globalization;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.ServiceDefaults.Operators;

/// <summary>Every call of a command leaves a record, a refused one too: who, what, and how it ended. Never what was in it.</summary>
internal static partial class AuditOperators
{
    private const string Nobody = "nobody";

    /// <summary>Between routing and authentication, so that it sees the refusals.</summary>
    public static void UseOperatorAudit(this WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(AuditOperators).FullName!);
        app.Use(
            async (context, next) =>
            {
                if (context.GetEndpoint() is not RouteEndpoint endpoint || !IsForOperators(endpoint))
                {
                    await next(context);
                    return;
                }
                var outcome = "";
                try
                {
                    await next(context);
                    outcome = context.Response.StatusCode.ToString(CultureInfo.InvariantCulture);
                }
                catch (Exception error)
                {
                    outcome = error.GetType().Name;
                    throw;
                }
                finally
                {
                    // The pattern, not the path: a path holds what the caller wrote.
                    Called(logger, ClientOf(context), context.Request.Method, endpoint.RoutePattern.RawText ?? "", outcome);
                }
            }
        );
    }

    private static bool IsForOperators(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(demand => demand.Policy == Policies.Operator);

    private static string ClientOf(HttpContext context) =>
        context.User.Identity is { IsAuthenticated: true } ? context.User.FindFirst(Claims.Service)?.Value ?? Nobody : Nobody;

    [LoggerMessage(Level = LogLevel.Information, Message = "Operator {Client} called {Method} {Command}: {Outcome}")]
    private static partial void Called(ILogger logger, string client, string method, string command, string outcome);
}
