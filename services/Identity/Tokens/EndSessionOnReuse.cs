using OpenIddict.Abstractions;
using OpenIddict.Server;
using WpAsis.Identity.Sessions;
using WpAsis.ServiceDefaults.Security;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace WpAsis.Identity.Tokens;

/// <summary>
/// A refresh token that is used a second time was copied. The issuer then revokes every token of its family; we also end the session,
/// or an access token of the thief would work for ten more minutes.
/// </summary>
internal sealed class EndSessionOnReuse(IOpenIddictTokenManager tokens, SignOut signOut) : IOpenIddictServerHandler<ValidateTokenContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<ValidateTokenContext>()
            .UseScopedHandler<EndSessionOnReuse>()
            .SetOrder(OpenIddictServerHandlers.Protection.ValidateTokenEntry.Descriptor.Order - 1)
            .SetType(OpenIddictServerHandlerType.Custom)
            .Build();

    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (context.TokenId is not { } id || context.Principal?.HasTokenType(TokenTypeIdentifiers.RefreshToken) != true)
            return;
        if (context.Principal.FindSessionId() is not { } session)
            return;
        var token = await tokens.FindByIdAsync(id, context.CancellationToken);
        if (token is not null && await tokens.HasStatusAsync(token, Statuses.Redeemed, context.CancellationToken))
            await signOut.EndAsync(session, context.CancellationToken);
    }
}
