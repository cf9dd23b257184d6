using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.IdentityModel.Tokens;
using WpAsis.Privacy.Ids;

namespace WpAsis.ServiceDefaults.Tests.Security;

public sealed class TokenTests
{
    [Fact]
    public async Task A_token_for_this_service_opens_it()
    {
        await using var host = await StartAsync();

        (await host.GetAsync("/", Host.Token())).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Nothing_is_open_unless_it_says_so()
    {
        await using var host = await StartAsync();

        (await host.GetAsync("/")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_token_of_another_kind_is_refused()
    {
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = RSA.Create(3072);
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        await using var host = await StartAsync();

        foreach (
            var bend in new (string Name, Action<SecurityTokenDescriptor> Bend)[]
            {
                ("audience", token => token.Audience = "identity"),
                ("issuer", token => token.Issuer = "https://elsewhere.test"),
                ("id token", token => token.TokenType = "JWT"),
                ("expired", token => (token.NotBefore, token.Expires) = (now.AddMinutes(-20), now.AddMinutes(-5))),
                ("not yet", token => (token.NotBefore, token.Expires) = (now.AddMinutes(5), now.AddMinutes(10))),
                ("unsigned", token => token.SigningCredentials = null),
                ("stranger", token => token.SigningCredentials = new(new ECDsaSecurityKey(stranger), SecurityAlgorithms.EcdsaSha256)),
                ("rsa", token => token.SigningCredentials = new(new RsaSecurityKey(rsa), SecurityAlgorithms.RsaSha256)),
                ("hmac", token => token.SigningCredentials = new(PublicKeyAsSecret(), SecurityAlgorithms.HmacSha256)),
            }
        )
        {
            (await host.GetAsync("/", Host.Token(bend.Bend))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized, bend.Name);
        }
    }

    [Fact]
    public async Task A_revoked_session_is_refused_from_then_on()
    {
        var session = TypedId.New<SessionId>(TimeProvider.System);
        await using var host = await StartAsync();
        (await host.GetAsync("/", Host.Token(session: session))).StatusCode.ShouldBe(HttpStatusCode.OK);

        host.Revocations.Add(session, TimeProvider.System.GetUtcNow());

        (await host.GetAsync("/", Host.Token(session: session))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await host.GetAsync("/", Host.Token())).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task While_the_revocations_are_unknown_tokens_get_503_and_open_doors_stay_open()
    {
        await using var host = await StartAsync(revocationsLoaded: false);

        var refused = await host.GetAsync("/", Host.Token());
        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        refused.Headers.RetryAfter.ShouldNotBeNull();
        (await host.GetAsync("/open")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.GetAsync("/health")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static Task<Host> StartAsync(bool revocationsLoaded = true) =>
        Host.StartAsync(
            app =>
            {
                app.MapGet("/", () => "in");
                app.MapGet("/open", () => "open").AllowAnonymous();
            },
            revocationsLoaded
        );

    // The classic confusion: the verifier's public key taken as a shared secret.
    private static SymmetricSecurityKey PublicKeyAsSecret() => new(Host.Key.ECDsa.ExportSubjectPublicKeyInfo());
}
