using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>Answers Meta when the address or the token was changed in the Meta app. It proves nothing about later POSTs.</summary>
internal static class VerifyWebhookEndpoint
{
    private const int LongestChallenge = 512;

    public static void MapVerifyWebhook(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/webhooks/whatsapp", Handle).AllowAnonymous().ExcludeFromDescription();

    private static Results<ContentHttpResult, StatusCodeHttpResult> Handle(
        WebhookSettings settings,
        [FromQuery(Name = "hub.mode")] string? mode,
        [FromQuery(Name = "hub.verify_token")] string? token,
        [FromQuery(Name = "hub.challenge")] string? challenge
    )
    {
        if (mode != "subscribe" || !settings.IsVerifyToken(token) || challenge is not { Length: > 0 and <= LongestChallenge })
            return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        return TypedResults.Text(challenge, "text/plain");
    }
}
