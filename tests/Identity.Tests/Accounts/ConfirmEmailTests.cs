using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using WpAsis.Privacy.Vault;

namespace WpAsis.Identity.Tests.Accounts;

public sealed class ConfirmEmailTests(IdentityApplication application)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_confirmation_works_once()
    {
        var email = IdentityApplication.NewEmail();
        await application.RegisterAsync(email);
        var token = await application.ConfirmationTokenAsync(email);

        (await application.ConfirmAsync(token)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var again = await application.ConfirmAsync(token);
        again.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await again.Content.ReadFromJsonAsync<ProblemDetails>(Stop))!.Type.ShouldBe("https://wpasis.com/problems/confirmation-invalid");
    }

    [Fact]
    public async Task Twenty_at_once_make_one_account()
    {
        var email = IdentityApplication.NewEmail();
        await application.RegisterAsync(email);
        var token = await application.ConfirmationTokenAsync(email);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => application.ConfirmAsync(token)));
        answers.Count(answer => answer.StatusCode == HttpStatusCode.NoContent).ShouldBe(1);
        answers.Count(answer => answer.StatusCode == HttpStatusCode.BadRequest).ShouldBe(19);
    }

    [Fact]
    public async Task A_strangers_sign_up_with_the_same_address_is_gone_once_one_is_confirmed()
    {
        var email = IdentityApplication.NewEmail();
        await application.RegisterAsync(email, "the password of a stranger");
        var strangers = await application.ConfirmationTokenAsync(email);
        application.Clock.Advance(TimeSpan.FromSeconds(1));
        await application.RegisterAsync(email);
        var own = await application.ConfirmationTokenAsync(email);
        var index = application.EmailIndex(email);
        var subjects = await application.InDatabaseAsync(db =>
            db.SignUps.Where(row => row.EmailIndex == index).OrderBy(row => row.AccountId).Select(row => row.SubjectId).ToListAsync()
        );

        (await application.ConfirmAsync(own)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await application.ConfirmAsync(strangers)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

        using var browser = application.CreateBrowser();
        (await browser.SignInAsync(email, "the password of a stranger")).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await browser.SignInAsync(email)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var keys = await application.InDatabaseAsync(db =>
            db.Set<SubjectKey>().Where(key => subjects.Contains(key.Subject)).ToDictionaryAsync(key => key.Subject, key => key.State)
        );
        keys[subjects[0]].ShouldBe(KeyState.Erased);
        keys[subjects[1]].ShouldBe(KeyState.Active);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%")]
    public async Task A_token_that_is_not_ours_is_refused(string token) =>
        (await application.ConfirmAsync(token)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);

    [Fact]
    public async Task The_link_after_twenty_four_hours_is_refused()
    {
        var email = IdentityApplication.NewEmail();
        await application.RegisterAsync(email);
        var token = await application.ConfirmationTokenAsync(email);

        application.Clock.Advance(TimeSpan.FromHours(24));

        (await application.ConfirmAsync(token)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_confirmed_account_owns_its_tenant_and_sees_itself()
    {
        var email = IdentityApplication.NewEmail();
        await application.RegisterAsync(email, phone: "+90 532 111 22 33");
        await application.ConfirmAsync(await application.ConfirmationTokenAsync(email));
        using var browser = application.CreateBrowser();
        await browser.SignInAsync(email);
        var (_, tokens) = await browser.RedeemAsync(await browser.CodeAsync());

        using var response = await browser.GetWithAsync("/account", tokens.Text("access_token"));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var account = await response.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(Stop);
        account.Text("name").ShouldBe("Ayşe Yılmaz");
        account.Text("email").ShouldBe(email);
        account.Text("phone").ShouldBe("+905321112233");
        account.Text("accountId").ShouldStartWith("acc_");
        account.Text("subjectId").ShouldStartWith("dsu_");
        var tenant = account.GetProperty("tenants").EnumerateArray().Single();
        tenant.Text("name").ShouldBe("Çiçek Pastanesi");
        tenant.Text("role").ShouldBe("owner");
        Browsing.Part(tokens.Text("access_token"), 1).Text("tenant_id").ShouldBe(tenant.Text("tenantId"));
        account.Text("tenantId").ShouldBe(tenant.Text("tenantId"));
    }
}
