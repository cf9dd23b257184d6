using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.ServiceDefaults.Http;

/// <summary>Errors as RFC 9457 problem details: a stable type, a sentence, a trace id, and nothing of our insides.</summary>
public static class Problems
{
    /// <summary>Every problem type starts with this address.</summary>
    public const string TypeBase = "https://wpasis.com/problems/";

    /// <summary>A problem with a stable type: <c>Problems.Of(409, "last-owner", "The last owner can't leave.")</c>.</summary>
    public static ProblemHttpResult Of(int status, string type, string title, string? detail = null) =>
        TypedResults.Problem(statusCode: status, type: TypeBase + type, title: title, detail: detail);

    /// <summary>Input that does not say what it should, field by field.</summary>
    public static ValidationProblem Invalid(IDictionary<string, string[]> errors) =>
        TypedResults.ValidationProblem(errors, type: TypeBase + "invalid-input", title: "The input is not valid.");

    /// <summary>One field's error.</summary>
    public static ValidationProblem Invalid(string field, string error) =>
        Invalid(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [error] });

    internal static void AddProblems(this IServiceCollection services) =>
        services.AddProblemDetails(options =>
            options.CustomizeProblemDetails = context =>
            {
                var problem = context.ProblemDetails;
                problem.Extensions["traceId"] =
                    System.Diagnostics.Activity.Current?.TraceId.ToString() ?? context.HttpContext.TraceIdentifier;
                if (problem.Type?.StartsWith(TypeBase, StringComparison.Ordinal) != true)
                    problem.Type = TypeBase + "http-" + (problem.Status ?? context.HttpContext.Response.StatusCode);
            }
        );

    internal static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions { StatusCodeSelector = StatusOf });
        app.UseStatusCodePages();
    }

    // A database that is away is not the caller's fault and not for ever.
    private static int StatusOf(Exception error) =>
        error switch
        {
            BadHttpRequestException bad => bad.StatusCode,
            _ when DatabaseAway.Caused(error) => StatusCodes.Status503ServiceUnavailable,
            _ => StatusCodes.Status500InternalServerError,
        };
}
