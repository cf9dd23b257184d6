using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>
/// Takes in what Meta sends. Three answers only: 200, it is stored; 401 or 413, it is refused; 503, try again. Nothing is understood
/// here: a body that makes no sense is stored as well and ends in quarantine, because Meta would repeat any other answer for days.
/// </summary>
/// <remarks>read → check the signature over those bytes → seal → wait for the commit that many share → answer</remarks>
internal sealed class ReceiveWebhook(
    WebhookSecrets secrets,
    StoreIntake store,
    ContentSealer sealer,
    IntakeMetrics metrics,
    TimeProvider clock
)
{
    /// <summary>The address entered in the Meta app.</summary>
    public const string Path = "/webhooks/whatsapp";

    private const string Signature = "X-Hub-Signature-256";

    /// <summary>Handles one POST.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var buffer = await ReadBody.RunAsync(context.Request, context.RequestAborted);
        if (buffer is null)
        {
            metrics.Refused("too-large");
            await context.AnswerAsync(StatusCodes.Status413PayloadTooLarge);
            return;
        }
        // The signature covers the raw bytes: parse first and a reordered body would pass.
        var header = context.Request.Headers[Signature];
        if (header.Count != 1 || !secrets.Signs(buffer.Span, header[0]))
        {
            buffer.Dispose();
            metrics.Refused("signature");
            await context.AnswerAsync(StatusCodes.Status401Unauthorized);
            return;
        }
        await context.AnswerAsync(await StoreAsync(context, buffer));
    }

    private async Task<int> StoreAsync(HttpContext context, PooledBody buffer)
    {
        var id = TypedId.NewGuid(clock);
        var body = new IntakeBody(id, clock.GetUtcNow(), buffer, sealer.SealRaw(id, buffer.Span), Activity.Current?.Id);
        // Not cancelled when Meta hangs up: what was handed over is stored or not, and both are counted.
        var outcome = store.TryEnqueue(body) ? await body.Stored : IntakeOutcome.Full;
        if (outcome is IntakeOutcome.Stored)
            return StatusCodes.Status200OK;
        metrics.Refused(outcome is IntakeOutcome.Full ? "full" : "away");
        context.Response.Headers.RetryAfter = outcome is IntakeOutcome.Full ? "1" : "5";
        return StatusCodes.Status503ServiceUnavailable;
    }
}

/// <summary>Bare answers: a body would tell a stranger something, or Meta nothing.</summary>
internal static class BareAnswer
{
    public static Task AnswerAsync(this HttpContext context, int status)
    {
        if (context.Features.Get<IStatusCodePagesFeature>() is { } pages)
            pages.Enabled = false;
        context.Response.StatusCode = status;
        context.Response.ContentLength = 0;
        return Task.CompletedTask;
    }
}
