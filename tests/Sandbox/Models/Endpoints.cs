using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;

namespace WpAsis.Sandbox.Models;

internal static class Endpoints
{
    private const int LargestBody = 32 * 1024 * 1024;
    private const int Most = 5_000;

    public static void AddModels(this IServiceCollection services)
    {
        services.AddSingleton<RecordedRequests>();
        services.AddSingleton<Scripts>();
        services.AddSingleton<CallModel>();
        services.AddSingleton<CompleteChat>();
        services.AddSingleton<CreateResponse>();
        services.AddSingleton<Embed>();
        services.AddSingleton<Transcribe>();
        services.Configure<FormOptions>(form => form.MultipartBodyLengthLimit = LargestBody);
    }

    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        foreach (var prefix in new[] { "/openai/v1", "/openai/deployments/{deployment}" })
        {
            var models = routes.MapGroup(prefix).WithMetadata(new RequestSizeLimitAttribute(LargestBody));
            models.MapPost("/chat/completions", (HttpContext context, CompleteChat complete) => complete.HandleAsync(context));
            models.MapPost("/responses", (HttpContext context, CreateResponse create) => create.HandleAsync(context));
            models.MapPost("/embeddings", (HttpContext context, Embed embed) => embed.HandleAsync(context));
            models.MapPost("/audio/transcriptions", (HttpContext context, Transcribe transcribe) => transcribe.HandleAsync(context));
        }
        routes.MapPost(
            "/_sandbox/openai/script",
            (Script script, Scripts scripts) =>
                scripts.Add(script) is { } problem ? Results.Problem(problem, statusCode: 400) : Results.NoContent()
        );
        routes.MapGet(
            "/_sandbox/openai/requests",
            (long? after, int? limit, RecordedRequests requests) =>
                new { items = requests.After(after ?? 0, Math.Clamp(limit ?? 1000, 1, Most)), total = requests.Total }
        );
    }
}
