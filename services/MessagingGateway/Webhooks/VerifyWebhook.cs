namespace WpAsis.MessagingGateway.Webhooks;

/// <summary>Meta asks whether this address is ours, each time somebody edits it: who knows the token gets the challenge back.</summary>
internal static class VerifyWebhookEndpoint
{
    private const int LongestChallenge = 256;

    public static void MapVerifyWebhook(this IEndpointRouteBuilder routes)
    {
        var secrets = routes.ServiceProvider.GetRequiredService<WebhookSecrets>();
        routes.MapGet(ReceiveWebhook.Path, context => HandleAsync(context, secrets)).AllowAnonymous();
    }

    private static Task HandleAsync(HttpContext context, WebhookSecrets secrets)
    {
        var query = context.Request.Query;
        var challenge = query["hub.challenge"].ToString();
        var known = secrets.Knows(query["hub.verify_token"]);
        if (!known || query["hub.mode"] != "subscribe" || challenge.Length is 0 or > LongestChallenge)
            return context.AnswerAsync(StatusCodes.Status403Forbidden);
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(challenge, context.RequestAborted);
    }
}
