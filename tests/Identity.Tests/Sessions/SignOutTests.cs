using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Http;
using WpAsis.ServiceDefaults.Security;

namespace WpAsis.Identity.Tests.Sessions;

public sealed class SignOutTests(IdentityApplication application)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_ended_session_is_refused_here_at_once_and_by_every_replica_within_two_seconds()
    {
        await using var replica = application.StartReplica();
        var other = replica.Services.GetRequiredService<RevocationList>();
        await WaitFor.TrueAsync(() => Task.FromResult(other.IsLoaded));
        using var browser = application.CreateBrowser();
        await browser.SignInAsync(await application.CreateAccountAsync());
        var (_, tokens) = await browser.RedeemAsync(await browser.CodeAsync());
        var access = tokens.Text("access_token");
        var session = SessionId.Parse(Browsing.Part(access, 1).Text("sid"), null);
        (await browser.GetWithAsync("/account", access)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var elsewhere = replica.CreateClient(
            new WebApplicationFactoryClientOptions { BaseAddress = new Uri("https://localhost:7101") }
        );
        (await elsewhere.GetWithAsync("/account", access)).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await browser.PostFormAsync("/sign-out")).Headers.Location!.OriginalString.ShouldBe("/signed-out");
        var ended = TimeProvider.System.GetTimestamp();

        (await browser.GetWithAsync("/account", access)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await WaitFor.TrueAsync(() => Task.FromResult(other.Contains(session)));
        TimeProvider.System.GetElapsedTime(ended).ShouldBeLessThan(TimeSpan.FromSeconds(2));
        (await elsewhere.GetWithAsync("/account", access)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await browser.RefreshAsync(tokens.Text("refresh_token"))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await browser.GetAsync(Browsing.AuthorizeUrl(), Stop)).Headers.Location!.OriginalString.ShouldStartWith("/sign-in?");
    }

    [Fact]
    public async Task Services_get_the_list_of_ended_sessions_and_nobody_else_does()
    {
        using var browser = application.CreateBrowser();
        await browser.SignInAsync(await application.CreateAccountAsync());
        var (_, tokens) = await browser.RedeemAsync(await browser.CodeAsync());
        var session = SessionId.Parse(Browsing.Part(tokens.Text("access_token"), 1).Text("sid"), null);
        (await browser.GetWithAsync("/internal/revoked-sessions", tokens.Text("access_token"))).StatusCode.ShouldBe(
            HttpStatusCode.Forbidden
        );
        await browser.PostFormAsync("/sign-out");

        var (_, service) = await browser.ProgramTokenAsync("billing", "identity", IdentityApplication.ServiceSecret);
        using var response = await browser.GetWithAsync("/internal/revoked-sessions", service.Text("access_token"));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var list = await response.Content.ReadFromJsonAsync<RevokedSessions>(Json.Options, Stop);
        list!.Items.Select(item => item.SessionId).ShouldContain(session);
        (await browser.GetAsync("/internal/revoked-sessions", Stop)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_session_that_ended_before_this_process_started_is_refused_by_it()
    {
        using var browser = application.CreateBrowser();
        await browser.SignInAsync(await application.CreateAccountAsync());
        var (_, tokens) = await browser.RedeemAsync(await browser.CodeAsync());
        await browser.PostFormAsync("/sign-out");

        await using var replica = application.StartReplica();
        await WaitFor.TrueAsync(() => Task.FromResult(replica.Services.GetRequiredService<RevocationList>().IsLoaded));
        using var client = replica.CreateClient(new WebApplicationFactoryClientOptions { BaseAddress = new Uri("https://localhost:7101") });
        (await client.GetWithAsync("/account", tokens.Text("access_token"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_client_signs_a_person_out_with_a_token_of_ours_and_comes_back()
    {
        using var browser = application.CreateBrowser();
        await browser.SignInAsync(await application.CreateAccountAsync());
        var (_, tokens) = await browser.RedeemAsync(await browser.CodeAsync());

        var asked = await browser.GetAsync("/connect/endsession", Stop);
        asked.Headers.Location!.OriginalString.ShouldBe("/sign-out");
        (await browser.GetWithAsync("/account", tokens.Text("access_token"))).StatusCode.ShouldBe(HttpStatusCode.OK);

        var done = await browser.GetAsync("/connect/endsession?id_token_hint=" + tokens.Text("id_token"), Stop);
        done.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await browser.GetWithAsync("/account", tokens.Text("access_token"))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }
}
