using System.Text.Json.Nodes;
using Stripe;

namespace WpAsis.Sandbox.Stripe;

/// <summary>What tests steer and read: calls, events, held webhooks, cards that are refused, states that nobody clicks to.</summary>
internal static class Control
{
    private const int Usual = 1000;

    public static void MapStripeControl(this IEndpointRouteBuilder routes)
    {
        var control = routes.MapGroup("/_sandbox/stripe");
        control.MapGet(
            "/requests",
            (HandleCall calls, long? after, int? limit) =>
                new { items = calls.Calls.After(after ?? 0, limit ?? Usual), total = calls.Calls.Total }
        );
        control.MapGet("/events", (DeliverEvents deliver, int? limit) => new { items = deliver.All().Take(limit ?? Usual).Select(View) });
        control.MapPost("/hold", (HoldRequest request, DeliverEvents deliver) => Hold(deliver, request.Hold));
        control.MapPost("/deliver", DeliverAsync);
        control.MapPost("/cards", (CardRequest request, StripeAccount account) => SetCard(account, request));
        control.MapPost(
            "/status",
            (StatusRequest request, StripeAccount account, Subscriptions subscriptions) => SetStatus(account, subscriptions, request)
        );
        control.MapGet("/objects/{id}", (string id, StripeAccount account) => Read(account, id));
    }

    private static object View(StripeEvent happened) =>
        new
        {
            id = happened.Id,
            type = happened.Type,
            created = happened.Created,
            attempts = happened.Attempts,
            status = happened.Status,
            delivered = happened.Delivered,
            customer = CustomerOf(happened),
        };

    private static string? CustomerOf(StripeEvent happened)
    {
        var thing = JsonNode.Parse(happened.Body)!["data"]!["object"]!;
        return (string?)(
            happened.Type.StartsWith("customer.", StringComparison.Ordinal) && (string?)thing["object"] == "customer"
                ? thing["id"]
                : thing["customer"]
        );
    }

    private static IResult Hold(DeliverEvents deliver, bool hold)
    {
        deliver.Holds = hold;
        return Results.NoContent();
    }

    private static async Task<IResult> DeliverAsync(
        DeliverRequest request,
        DeliverEvents deliver,
        PostEvent post,
        CancellationToken cancellationToken
    )
    {
        if (deliver.Find(request.Id) is not { } happened)
            return Results.NotFound();
        var body = request.Body ?? happened.Body;
        var status = await post.RunAsync(body, request.Signature ?? "valid", cancellationToken);
        if (request.Signature is null or "valid")
            happened.Answer(status);
        return Results.Json(new { status });
    }

    private static IResult SetCard(StripeAccount account, CardRequest request)
    {
        lock (account.Lock)
        {
            if (request.Declines)
                account.Declining.Add(request.Customer);
            else
                account.Declining.Remove(request.Customer);
        }
        return Results.NoContent();
    }

    private static IResult SetStatus(StripeAccount account, Subscriptions subscriptions, StatusRequest request)
    {
        lock (account.Lock)
        {
            if (account.Find<Subscription>(request.Subscription) is not { } subscription)
                return Results.NotFound();
            if (request.Status == "canceled")
                subscriptions.End(subscription, "cancellation_requested");
            else
                subscriptions.SetStatus(subscription, request.Status);
        }
        return Results.NoContent();
    }

    private static IResult Read(StripeAccount account, string id)
    {
        lock (account.Lock)
            return account.FindJson(id) is { } json ? Results.Content(json.ToJsonString(), "application/json") : Results.NotFound();
    }
}

internal sealed record HoldRequest(bool Hold);

/// <summary>Delivers an event now, whatever became of it before.</summary>
/// <param name="Id">The event.</param>
/// <param name="Signature">valid (default), old, future, forged, v0, none.</param>
/// <param name="Body">Another body than the event's, signed like it.</param>
internal sealed record DeliverRequest(string Id, string? Signature = null, string? Body = null);

internal sealed record CardRequest(string Customer, bool Declines);

internal sealed record StatusRequest(string Subscription, string Status);
