using WpAsis.Sandbox.Graph;
using WpAsis.Sandbox.Phone;
using WpAsis.Sandbox.Webhooks;

namespace WpAsis.Sandbox.Control;

/// <summary>Lets a contact write, and sets how long ago they last wrote.</summary>
internal static class ReceiveInbound
{
    public static void MapReceiveInbound(this IEndpointRouteBuilder control)
    {
        control.MapPost(
            "/graph/inbound",
            async (InboundRequest request, ReceiveFromContact receive) =>
                await receive.ReceiveAsync(request) is var (result, problem) && result is null
                    ? Results.Problem(problem, statusCode: 400)
                    : Results.Json(result)
        );
        control.MapPost("/graph/window", SetWindow);
    }

    private static IResult SetWindow(WindowRequest request, BusinessNumbers numbers, People people, Chats chats, TimeProvider clock)
    {
        if (numbers.Find(request.PhoneNumberId ?? "") is not { } number || (request.From is null && request.UserId is null))
            return Results.Problem("phoneNumberId and from or userId are required", statusCode: 400);
        var chat = chats.Get(number.PhoneNumberId, people.Learn(request.From, request.UserId));
        chat.LastInboundAt = request.Open ? clock.GetUtcNow() : clock.GetUtcNow() - SendMessage.Window - TimeSpan.FromMinutes(1);
        return Results.NoContent();
    }
}

/// <summary>Opens the 24-hour window now, or lets it have closed.</summary>
internal sealed record WindowRequest(string? PhoneNumberId, string? From, string? UserId, bool Open);
