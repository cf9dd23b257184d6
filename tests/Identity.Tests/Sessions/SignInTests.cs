using System.Diagnostics;
using System.Net;
using Microsoft.EntityFrameworkCore;

namespace WpAsis.Identity.Tests.Sessions;

public sealed class SignInTests(IdentityApplication application)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Unknown_unconfirmed_and_wrong_get_the_same_answer_for_the_same_work()
    {
        var confirmed = await application.CreateAccountAsync();
        var unconfirmed = IdentityApplication.NewEmail();
        await application.RegisterAsync(unconfirmed);

        var wrong = await TryAsync(confirmed, "a wrong password of enough length");
        var unknown = await TryAsync(IdentityApplication.NewEmail(), IdentityApplication.Password);
        var waiting = await TryAsync(unconfirmed, IdentityApplication.Password);
        var noAddress = await TryAsync("not an address", IdentityApplication.Password);

        wrong.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        wrong.Hashes.ShouldBe(1);
        wrong.Statements.ShouldBeGreaterThan(2);
        unknown.ShouldBe(wrong);
        waiting.ShouldBe(wrong);
        noAddress.ShouldBe(wrong);
    }

    [Fact]
    public async Task Of_two_hundred_guesses_at_once_at_most_five_are_evaluated()
    {
        var email = await application.CreateAccountAsync();
        using var browser = application.CreateBrowser();
        var form = await browser.GetStringAsync("/sign-in", Stop);
        form.ShouldNotBeEmpty();

        var answers = new HttpStatusCode[200];
        var hashes = await IdentityApplication.CountHashesAsync(() =>
            Parallel.ForAsync(
                0,
                200,
                new ParallelOptions { MaxDegreeOfParallelism = 200, CancellationToken = Stop },
                async (i, _) =>
                {
                    // The right one is among them, but behind the five that are paid for.
                    using var response = await browser.SignInAsync(
                        email,
                        i == 190 ? IdentityApplication.Password : $"guess number {i} of many"
                    );
                    answers[i] = response.StatusCode;
                }
            )
        );

        answers.ShouldAllBe(status => (int)status < 500);
        hashes.ShouldBeLessThanOrEqualTo(5 + answers.Count(status => status == HttpStatusCode.Redirect));
        hashes.ShouldBeGreaterThan(0);
        answers.Count(status => status == HttpStatusCode.TooManyRequests).ShouldBeGreaterThanOrEqualTo(194);
    }

    [Fact]
    public async Task Beyond_the_limit_even_the_right_password_waits_and_then_works()
    {
        var email = await application.CreateAccountAsync();
        using var browser = application.CreateBrowser();
        for (var i = 0; i < 5; i++)
            (await browser.SignInAsync(email, "a wrong password " + i)).StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        var refused = await browser.SignInAsync(email);
        refused.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.RetryAfter.ShouldNotBeNull();

        application.Clock.Advance(TimeSpan.FromMinutes(4));
        (await browser.SignInAsync(email)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task Signing_in_rightly_often_is_no_guessing()
    {
        var email = await application.CreateAccountAsync();
        for (var i = 0; i < 12; i++)
        {
            using var browser = application.CreateBrowser();
            (await browser.SignInAsync(email)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        }
    }

    [Fact]
    public async Task The_cookie_is_bound_to_the_host_and_to_its_session()
    {
        var email = await application.CreateAccountAsync();
        using var browser = application.CreateBrowser();
        var response = await browser.SignInAsync(email);

        var cookie = response
            .Headers.GetValues("Set-Cookie")
            .Single(value => value.StartsWith("__Host-identity=", StringComparison.Ordinal));
        cookie.ShouldContain("path=/");
        cookie.ShouldContain("secure");
        cookie.ShouldContain("httponly");
        cookie.ShouldContain("samesite=lax");
        cookie.ShouldNotContain("domain", Case.Insensitive);

        var index = application.EmailIndex(email);
        var account = await application.InDatabaseAsync(db =>
            db.Accounts.Where(row => row.EmailIndex == index).Select(row => row.AccountId).SingleAsync()
        );
        await application.InDatabaseAsync(db =>
            db.Sessions.Where(row => row.AccountId == account)
                .ExecuteUpdateAsync(row => row.SetProperty(value => value.EndedAt, application.Clock.GetUtcNow()))
        );
        (await browser.GetAsync(Browsing.AuthorizeUrl(), Stop)).Headers.Location!.OriginalString.ShouldStartWith("/sign-in?");
    }

    [Fact]
    public async Task A_return_address_elsewhere_is_not_followed()
    {
        var email = await application.CreateAccountAsync();
        foreach (var elsewhere in (string[])["https://evil.example/", "//evil.example", "/\\evil.example", "/account"])
        {
            using var browser = application.CreateBrowser();
            var response = await browser.PostFormAsync(
                "/sign-in",
                ("email", email),
                ("password", IdentityApplication.Password),
                ("returnUrl", elsewhere)
            );
            response.Headers.Location!.OriginalString.ShouldBe("https://localhost:7100");
        }
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused()
    {
        using var browser = application.CreateBrowser();
        using var form = new FormUrlEncodedContent([new("email", "a@example.com"), new("password", IdentityApplication.Password)]);
        (await browser.PostAsync("/sign-in", form, Stop)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private async Task<Refusal> TryAsync(string email, string password)
    {
        using var browser = application.CreateBrowser();
        using var trace = new Activity("sign-in").SetIdFormat(ActivityIdFormat.W3C);
        trace.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        var statements = 0;
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            // Opening a connection is traced too, but says nothing about the path.
            ActivityStopped = activity =>
            {
                if (activity.TraceId == trace.TraceId && activity.TagObjects.Any(tag => tag.Key is "db.query.text" or "db.statement"))
                    Interlocked.Increment(ref statements);
            },
        };
        ActivitySource.AddActivityListener(listener);
        HttpResponseMessage? response = null;
        var hashes = await IdentityApplication.CountHashesAsync(async () =>
        {
            trace.Start();
            browser.DefaultRequestHeaders.Add("traceparent", trace.Id);
            response = await browser.SignInAsync(email, password);
            trace.Stop();
        });
        var body = await response!.Content.ReadAsStringAsync(Stop);
        var notice = body.Split("role=\"alert\">")[1].Split("</p>")[0];
        return new Refusal(response.StatusCode, notice, hashes, statements);
    }

    private sealed record Refusal(HttpStatusCode Status, string Notice, long Hashes, int Statements);
}
