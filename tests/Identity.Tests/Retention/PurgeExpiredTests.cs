using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WpAsis.Identity.Retention;
using WpAsis.Privacy.Vault;

namespace WpAsis.Identity.Tests.Retention;

public sealed class PurgeExpiredTests(IdentityApplication application)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sign_up_that_nobody_confirmed_is_gone_after_a_day_with_its_key_and_not_before()
    {
        var purge = application.Services.GetRequiredService<PurgeExpired>();
        var email = IdentityApplication.NewEmail();
        await application.RegisterAsync(email);
        var index = application.EmailIndex(email);
        var subject = await application.InDatabaseAsync(db =>
            db.SignUps.Where(row => row.EmailIndex == index).Select(row => row.SubjectId).SingleAsync()
        );

        application.Clock.Advance(TimeSpan.FromHours(23));
        await purge.RunNowAsync(Stop);
        (await application.InDatabaseAsync(db => db.SignUps.CountAsync(row => row.EmailIndex == index))).ShouldBe(1);

        application.Clock.Advance(TimeSpan.FromHours(1));
        await purge.RunNowAsync(Stop);
        (await application.InDatabaseAsync(db => db.SignUps.CountAsync(row => row.EmailIndex == index))).ShouldBe(0);
        var key = await application.InDatabaseAsync(db => db.Set<SubjectKey>().SingleAsync(row => row.Subject == subject));
        key.State.ShouldBe(KeyState.Erased);
        key.Wrapped.ShouldBeNull();
    }

    [Fact]
    public async Task Sessions_and_what_the_issuer_keeps_of_them_are_gone_after_thirty_days()
    {
        var email = await application.CreateAccountAsync();
        using var browser = application.CreateBrowser();
        await browser.SignInAsync(email);
        var (_, tokens) = await browser.RedeemAsync(await browser.CodeAsync());
        var account = Browsing.Part(tokens.Text("access_token"), 1).Text("sub");
        var purge = application.Services.GetRequiredService<PurgeExpired>();
        (await CountAsync(account)).ShouldBeGreaterThan(3);

        application.Clock.Advance(TimeSpan.FromDays(29));
        await purge.RunNowAsync(Stop);
        (await CountAsync(account)).ShouldBeGreaterThan(3);

        application.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
        await purge.RunNowAsync(Stop);
        (await CountAsync(account)).ShouldBe(0);
    }

    private Task<int> CountAsync(string account)
    {
        var id = Privacy.Ids.AccountId.Parse(account, null).Value;
        return application.InDatabaseAsync(db =>
            db.Database.SqlQuery<int>(
                    $"""
                    select ((select count(*) from session where account_id = {id})
                        + (select count(*) from openiddict_token where subject = {account})
                        + (select count(*) from openiddict_authorization where subject = {account}))::int as "Value"
                    """
                )
                .SingleAsync()
        );
    }
}
