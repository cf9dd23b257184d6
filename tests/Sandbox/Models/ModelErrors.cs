using System.Globalization;
using WpAsis.Sandbox.Faults;

namespace WpAsis.Sandbox.Models;

/// <summary>Errors in OpenAI's shape.</summary>
internal static class ModelErrors
{
    public static IResult Unauthorized() => Error(401, "You didn't provide an API key.", "invalid_request_error", "invalid_api_key");

    public static IResult BadRequest(string message) => Error(400, message, "invalid_request_error", "invalid_value");

    public static IResult Asked(HttpContext context, Fault fault)
    {
        if (fault.RetryAfterSeconds is { } seconds)
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        var status = fault.HttpStatus ?? 500;
        return status switch
        {
            429 => Error(status, "Rate limit reached.", "requests", "rate_limit_exceeded"),
            401 => Error(status, "Incorrect API key provided.", "invalid_request_error", "invalid_api_key"),
            400 => BadRequest("The sandbox was asked to refuse this call."),
            _ => Error(status, "The server had an error while processing your request.", "server_error", null),
        };
    }

    /// <summary>Azure's answer to an address without a version.</summary>
    public static IResult NoSuchResource() =>
        Results.Json(new { error = new { code = "404", message = "Resource not found" } }, statusCode: 404);

    /// <summary>Azure's answer where the input itself was filtered.</summary>
    public static IResult FilteredInput() =>
        Results.Json(
            new
            {
                error = new
                {
                    message = "The response was filtered due to the prompt triggering the content management policy.",
                    type = (string?)null,
                    param = "prompt",
                    code = "content_filter",
                    status = 400,
                    innererror = new
                    {
                        code = "ResponsibleAIPolicyViolation",
                        content_filter_result = new { violence = new { filtered = true, severity = "high" } },
                    },
                },
            },
            statusCode: 400
        );

    private static IResult Error(int status, string message, string type, string? code) =>
        Results.Json(
            new
            {
                error = new
                {
                    message,
                    type,
                    param = (string?)null,
                    code,
                },
            },
            statusCode: status
        );
}
