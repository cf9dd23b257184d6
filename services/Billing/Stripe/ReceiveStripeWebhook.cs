using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using WpAsis.ServiceDefaults.Http;

namespace WpAsis.Billing.Stripe;

/// <summary>
/// Takes in what Stripe sends: 200, it is stored (a second time too); 400, it is not Stripe's; 503, send it again. Only ids and times are
/// stored, and nothing it says is believed: the customer is looked up at Stripe afterwards.
/// </summary>
/// <remarks>read → check the signature over those bytes → ids → store → answer; ApplyStripeEvents does the rest</remarks>
internal static class ReceiveStripeWebhookEndpoint
{
    public const string Path = "/webhooks/stripe";

    private const int LongestBody = 256 * 1024;

    public static void MapReceiveStripeWebhook(this IEndpointRouteBuilder routes) =>
        // Stripe has no token; the signature over the raw bytes is the proof.
        routes.MapPost(Path, HandleAsync).AllowAnonymous();

    private static async Task<Results<Ok, ProblemHttpResult>> HandleAsync(
        HttpContext context,
        StripeSignature signature,
        StripeSettings settings,
        StoreStripeEvent store,
        StripeMetrics metrics,
        TimeProvider clock
    )
    {
        if (await ReadAsync(context.Request, context.RequestAborted) is not { } body)
            return Problems.Of(StatusCodes.Status413PayloadTooLarge, "body-too-large", "The body is too large.");
        var header = context.Request.Headers["Stripe-Signature"];
        if (header.Count != 1 || !signature.Signs(body, header[0], clock.GetUtcNow()))
        {
            metrics.Refused("signature");
            return Problems.Of(StatusCodes.Status400BadRequest, "invalid-signature", "This was not signed by Stripe, or too long ago.");
        }
        if (StripeEnvelope.TryRead(body) is not { } envelope)
        {
            // Signed, so it is Stripe's, and it would come again for days: nothing in it can be named or stored.
            metrics.Refused("not-understood");
            return TypedResults.Ok();
        }
        if (envelope.IsLive != settings.IsLive)
        {
            metrics.Refused("other-mode");
            return Problems.Of(StatusCodes.Status400BadRequest, "other-mode", "This is of Stripe's other mode, live or test.");
        }
        try
        {
            // Not cancelled when Stripe hangs up: it is stored or it comes again.
            await store.StoreAsync([envelope.News], CancellationToken.None);
            return TypedResults.Ok();
        }
        catch (Exception away) when (away is NpgsqlException or TimeoutException)
        {
            metrics.Refused("database");
            context.Response.Headers.RetryAfter = "5";
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "not-stored", "This could not be stored. Send it again.");
        }
    }

    private static async Task<string?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await request.Body.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            if (bytes.Length + count > LongestBody)
                return null;
            bytes.Write(buffer, 0, count);
        }
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}

/// <summary>The few fields of an event that are read. Read by hand: the library refuses events of versions it does not know.</summary>
internal sealed record StripeEnvelope(StripeNews News, bool IsLive)
{
    private const int LongestId = 255;

    public static StripeEnvelope? TryRead(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static StripeEnvelope? Read(JsonElement root)
    {
        if (Text(root, "id") is not { } id || Text(root, "type") is not { } type || !TryRead(root, out var createdAt))
            return null;
        var customer = Get(Get(root, "data"), "object") is { } thing ? Text(thing, "customer") ?? Text(Get(thing, "customer"), "id") : null;
        var isLive = Get(root, "livemode") is { ValueKind: JsonValueKind.True };
        return new(new(id, type, customer, createdAt, Text(root, "api_version")), isLive);
    }

    private static bool TryRead(JsonElement root, out DateTimeOffset createdAt)
    {
        createdAt = default;
        if (Get(root, "created") is not { ValueKind: JsonValueKind.Number } created || !created.TryGetInt64(out var seconds))
            return false;
        if (seconds < 0 || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
            return false;
        createdAt = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return true;
    }

    private static JsonElement? Get(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } thing && thing.TryGetProperty(name, out var value) ? value : null;

    // What is longer than any id, or holds a zero that PostgreSQL can't, is none.
    private static string? Text(JsonElement? element, string name) =>
        Get(element, name) is { ValueKind: JsonValueKind.String } value
        && value.GetString() is { Length: > 0 and <= LongestId } text
        && !text.Contains('\0', StringComparison.Ordinal)
            ? text
            : null;
}
