using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using WpAsis.ServiceDefaults.Http;

namespace WpAsis.Identity.Tests.Accounts;

public sealed class RegisterAccountTests(IdentityApplication application)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Registering_an_address_that_has_an_account_gives_the_same_answer_the_same_work_and_a_notice()
    {
        var known = await application.CreateAccountAsync();
        var unknown = IdentityApplication.NewEmail();

        HttpResponseMessage? first = null;
        HttpResponseMessage? second = null;
        var hashesOfUnknown = await IdentityApplication.CountHashesAsync(async () => first = await application.RegisterAsync(unknown));
        var hashesOfKnown = await IdentityApplication.CountHashesAsync(async () => second = await application.RegisterAsync(known));

        first!.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        second!.StatusCode.ShouldBe(first.StatusCode);
        (await second.Content.ReadAsStringAsync(Stop)).ShouldBe(await first.Content.ReadAsStringAsync(Stop));
        second.Headers.Select(header => header.Key).ShouldBe(first.Headers.Select(header => header.Key), ignoreOrder: true);
        hashesOfKnown.ShouldBe(1);
        hashesOfUnknown.ShouldBe(1);
        await WaitFor.TrueAsync(() => Task.FromResult(application.Mail.To(known).Any(mail => mail.Subject == "Zaten bir hesabınız var")));
        await WaitFor.TrueAsync(() => Task.FromResult(application.Mail.To(unknown).Any()));
    }

    [Fact]
    public async Task The_mail_is_in_the_persons_language_and_its_link_confirms_the_address()
    {
        var email = IdentityApplication.NewEmail();
        await application.RegisterAsync(email);
        await WaitFor.TrueAsync(() => Task.FromResult(application.Mail.To(email).Any()));

        var mail = application.Mail.To(email).Single();
        mail.Subject.ShouldBe("E-posta adresinizi onaylayın");
        mail.TextBody!.ShouldContain("Merhaba Ayşe Yılmaz");
        var link = mail.TextBody!.Split('\n')
            .Select(line => line.Trim())
            .Single(line => line.StartsWith("https://", StringComparison.Ordinal));
        link.ShouldStartWith("https://localhost:7101/confirm?token=");

        using var browser = application.CreateBrowser("tr");
        var asked = await browser.GetStringAsync(new Uri(link), Stop);
        asked.ShouldContain("Adresi onayla");
        var answer = await browser.PostFormAsync(new Uri(link).PathAndQuery);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Stop)).ShouldContain("Adresiniz onaylandı");
        (await browser.SignInAsync(email)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task The_mail_goes_out_over_a_256_bit_suite()
    {
        var email = IdentityApplication.NewEmail();
        await application.RegisterAsync(email);
        await WaitFor.TrueAsync(() => Task.FromResult(application.Mail.To(email).Any()));

        application
            .Mail.Suite.ToString()
            .ShouldBeOneOf(
                "TLS_AES_256_GCM_SHA384",
                "TLS_CHACHA20_POLY1305_SHA256",
                "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"
            );
    }

    [Fact]
    public async Task Nobody_fills_a_strangers_mailbox_and_the_answer_does_not_change()
    {
        var email = IdentityApplication.NewEmail();
        for (var i = 0; i < 8; i++)
            (await application.RegisterAsync(email)).StatusCode.ShouldBe(HttpStatusCode.Accepted);

        var index = application.EmailIndex(email);
        (await application.InDatabaseAsync(db => db.SignUps.CountAsync(row => row.EmailIndex == index))).ShouldBe(5);
    }

    [Fact]
    public async Task Every_fault_of_a_form_is_named_by_its_field()
    {
        using var client = application.CreateBrowser();
        using var response = await client.PostAsJsonAsync(
            "/accounts",
            new
            {
                name = " ",
                email = "no address",
                phone = "abc",
                password = "short",
                businessName = "",
                country = "Turkey",
                language = "de",
            },
            Json.Options,
            Stop
        );

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var problem = await response.Content.ReadFromJsonAsync<Microsoft.AspNetCore.Http.HttpValidationProblemDetails>(Stop);
        problem!.Type.ShouldBe("https://wpasis.com/problems/invalid-input");
        problem.Errors.Keys.ShouldBe(["name", "email", "phone", "password", "businessName", "country", "language"], ignoreOrder: true);
        problem.Errors["password"].ShouldBe(["A password needs at least 12 characters."]);
    }

    [Theory]
    [InlineData("ayse.yilmaz1")]
    [InlineData("aaaaaaaaaaaaaaaa")]
    [InlineData("wpasiswpasiswpasis")]
    public async Task A_password_that_repeats_the_form_is_refused(string password)
    {
        using var response = await application.RegisterAsync("ayse.yilmaz@example.com", password, name: "Ayse Yilmaz");
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"name":null,"email":null,"password":null,"businessName":null,"language":null}""")]
    [InlineData("""{"name":"a","email":"a@example.com","password":"correct horse","businessName":"b","language":"tr","role":"owner"}""")]
    public async Task A_body_that_is_no_registration_is_a_bad_request(string body)
    {
        using var client = application.CreateBrowser();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("/accounts", content, Stop);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_page_registers_like_the_api_and_never_writes_a_password_back()
    {
        var email = IdentityApplication.NewEmail();
        using var browser = application.CreateBrowser();

        var refused = await browser.PostFormAsync(
            "/sign-up",
            ("name", "Ali"),
            ("email", email),
            ("password", "tooshort1"),
            ("businessName", "B")
        );
        var html = await refused.Content.ReadAsStringAsync(Stop);
        refused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        html.ShouldContain("A password needs at least 12 characters.");
        html.ShouldNotContain("tooshort1");

        var accepted = await browser.PostFormAsync(
            "/sign-up",
            ("name", "Ali"),
            ("email", email),
            ("password", IdentityApplication.Password),
            ("businessName", "B")
        );
        accepted.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await accepted.Content.ReadAsStringAsync(Stop)).ShouldContain("Look into your mailbox");
        await WaitFor.TrueAsync(() =>
            Task.FromResult(application.Mail.To(email).Any(mail => mail.Subject == "Confirm your e-mail address"))
        );
    }
}
