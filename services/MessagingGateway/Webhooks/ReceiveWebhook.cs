using System.Buffers;
using System.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>
/// Takes a webhook in: signature over the raw bytes, sealed, stored, then 200. There are three answers: 200 it is stored,
/// 401 or 413 it is refused, 503 send it again. What it says is looked at afterwards, by <see cref="SplitIntake"/>.
/// </summary>
internal static class ReceiveWebhookEndpoint
{
    private const int MaxBody = 4 * 1024 * 1024;
    private const int UsualBody = 8 * 1024;

    public static void MapReceiveWebhook(this IEndpointRouteBuilder routes) =>
        routes
            .MapPost("/webhooks/whatsapp", (RequestDelegate)HandleAsync)
            .WithMetadata(new RequestSizeLimitAttribute(MaxBody))
            .AllowAnonymous()
            .ExcludeFromDescription();

    private static async Task HandleAsync(HttpContext context)
    {
        var services = context.RequestServices;
        if (context.Request.ContentLength > MaxBody)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }
        var (buffer, length) = await ReadAsync(context.Request, context.RequestAborted);
        try
        {
            var body = buffer.AsMemory(0, length);
            // An empty answer: what we expected is nobody's business.
            if (!services.GetRequiredService<WebhookSettings>().IsSigned(body.Span, context.Request.Headers["X-Hub-Signature-256"]))
            {
                services.GetRequiredService<IntakeMetrics>().Refused();
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return;
            }
            var stored = await StoreAsync(services, body);
            context.Response.StatusCode = stored ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            if (!stored)
                context.Response.Headers.RetryAfter = "5";
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private static Task<bool> StoreAsync(IServiceProvider services, ReadOnlyMemory<byte> body)
    {
        var clock = services.GetRequiredService<TimeProvider>();
        var id = TypedId.NewGuid(clock);
        var content = services.GetRequiredService<ContentSealer>().SealRaw(id, body.Span);
        var traceParent = Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity ? activity.Id : null;
        return services.GetRequiredService<IntakeWriter>().WriteAsync(new(id, clock.GetUtcNow(), content, traceParent));
    }

    private static async Task<(byte[] Buffer, int Length)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)(request.ContentLength ?? UsualBody) + 1);
        var length = 0;
        while (true)
        {
            if (length == buffer.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                buffer.AsSpan(0, length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
                buffer = larger;
            }
            var read = await request.Body.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0)
                return (buffer, length);
            length += read;
        }
    }
}
