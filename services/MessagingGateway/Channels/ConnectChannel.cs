using System.Security.Claims;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.HttpResults;
using WpAsis.MessagingGateway.CloudApi;
using WpAsis.Privacy.Classification;
using WpAsis.ServiceDefaults.Http;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.MessagingGateway.Channels;

/// <summary>A number to connect, and the token that speaks for it.</summary>
/// <param name="PhoneNumberId">Meta's id of the number.</param>
/// <param name="WabaId">Meta's id of its WhatsApp business account.</param>
/// <param name="AccessToken">A token of the customer's for that account.</param>
internal sealed record ConnectChannelRequest(
    [property: NotPersonal("Meta's id of a business number")] string PhoneNumberId,
    [property: NotPersonal("Meta's id of a business account")] string WabaId,
    [property: TenantSecret] string AccessToken
)
{
    /// <summary>Names the number only.</summary>
    public override string ToString() => PhoneNumberId;
}

/// <summary>
/// Connects a business number: Meta is asked whether the number belongs to that account and the token may speak for it; then its
/// webhooks are subscribed and the token is kept sealed. Connecting again replaces the token and lets a stopped number go on.
/// </summary>
internal static partial class ConnectChannelEndpoint
{
    private const int MaxToken = 2_048;

    public static void MapConnectChannel(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/channels", HandleAsync).RequireAuthorization(Policies.Administrator);

    private static async Task<Results<Created<ChannelResponse>, ValidationProblem, ProblemHttpResult>> HandleAsync(
        ClaimsPrincipal user,
        ConnectChannelRequest request,
        CloudApiClient graph,
        StoreChannel store,
        CancellationToken cancellationToken
    )
    {
        if (Check(request) is { Count: > 0 } errors)
            return Problems.Invalid(errors);
        var access = new GraphAccess(request.PhoneNumberId, request.AccessToken);
        var found = await graph.FindNumberAsync(access, request.WabaId, cancellationToken);
        if (found.Verdict is not GraphVerdict.Accepted)
            return Refused(found);
        if (found.Number is not { } number)
        {
            return Problems.Of(
                StatusCodes.Status422UnprocessableEntity,
                "number-not-found",
                "This token sees no such number in that WhatsApp business account."
            );
        }
        var subscribed = await graph.SubscribeAsync(access, request.WabaId, cancellationToken);
        if (subscribed.Verdict is not GraphVerdict.Accepted)
            return Refused(subscribed);

        var stored = await store.ConnectAsync(user.TenantIdOf(), request, number, cancellationToken);
        return stored is { } channel
            ? TypedResults.Created($"/channels/{channel.Id}", channel)
            : Problems.Of(StatusCodes.Status409Conflict, "number-connected-elsewhere", "Another customer has connected this number.");
    }

    private static Dictionary<string, string[]> Check(ConnectChannelRequest request)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (!MetaId().IsMatch(request.PhoneNumberId))
            errors["phoneNumberId"] = ["An id of Meta's: letters, digits, - and _."];
        if (!MetaId().IsMatch(request.WabaId))
            errors["wabaId"] = ["An id of Meta's: letters, digits, - and _."];
        if (request.AccessToken is not { Length: > 0 and <= MaxToken } || request.AccessToken.Any(letter => letter is <= ' ' or > '~'))
            errors["accessToken"] = ["A token of Meta's."];
        return errors;
    }

    private static ProblemHttpResult Refused(GraphNumberAnswer answer) =>
        answer.Verdict switch
        {
            GraphVerdict.RetryMessage or GraphVerdict.OutcomeUnknown => Problems.Of(
                StatusCodes.Status503ServiceUnavailable,
                "whatsapp-away",
                "WhatsApp can't be asked right now."
            ),
            _ when GraphError.IsAuthorization(answer.Code) => Problems.Of(
                StatusCodes.Status422UnprocessableEntity,
                "token-refused",
                "Meta refuses this token."
            ),
            _ => Problems.Of(StatusCodes.Status422UnprocessableEntity, "account-refused", "Meta refuses this number or account."),
        };

    // They become part of an address.
    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}$", RegexOptions.NonBacktracking)]
    private static partial Regex MetaId();
}
