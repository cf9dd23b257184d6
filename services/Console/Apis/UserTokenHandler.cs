using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Authentication;
using WpAsis.Console.SignIn;

namespace WpAsis.Console.Apis;

/// <summary>Calls an API as the person who is signed in, and in their language.</summary>
internal sealed class UserTokenHandler(IHttpContextAccessor http) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var context = http.HttpContext ?? throw new InvalidOperationException("APIs are called on a person's behalf only.");
        if (RefreshTokens.CouldNotRenew(context))
            throw new HttpRequestException("Identity is away, so there is no token to call with.");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await context.GetTokenAsync(UserTokens.Access));
        request.Headers.AcceptLanguage.Add(new StringWithQualityHeaderValue(CultureInfo.CurrentUICulture.TwoLetterISOLanguageName));
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode is HttpStatusCode.Unauthorized)
            SignOutEnded.Mark(context);
        return response;
    }
}
