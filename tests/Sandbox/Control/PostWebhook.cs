using WpAsis.Sandbox.Hosting;
using WpAsis.Sandbox.Webhooks;

namespace WpAsis.Sandbox.Control;

/// <summary>Posts a body of the test's own making, signed as it is, once; and Meta's verification request.</summary>
internal static class PostWebhook
{
    public static void MapPostWebhook(this IEndpointRouteBuilder control)
    {
        control.MapPost(
            "/webhooks",
            async (HttpRequest request, string? signature, PostSigned post, CancellationToken cancellationToken) =>
            {
                var body = await request.ReadBytesAsync(cancellationToken);
                var header = signature switch
                {
                    null => post.Sign(body),
                    "none" => null,
                    _ => signature,
                };
                return new { status = await post.PostOnceAsync(body, header, cancellationToken) };
            }
        );
        control.MapPost(
            "/graph/verify",
            async (string? verifyToken, PostSigned post, CancellationToken cancellationToken) =>
            {
                var (status, echoed) = await post.VerifyAsync(verifyToken, cancellationToken);
                return new { status, echoed };
            }
        );
    }
}
