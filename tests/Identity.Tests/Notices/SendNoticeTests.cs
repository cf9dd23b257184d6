using System.Security.Authentication;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WpAsis.Contracts.Identity;
using WpAsis.Identity.Accounts;
using WpAsis.Identity.Notices;
using WpAsis.Privacy.Ids;

namespace WpAsis.Identity.Tests.Notices;

public sealed class SendNoticeTests(IdentityApplication application)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_notice_twice_is_one_mail()
    {
        var email = await application.CreateAccountAsync();
        var account = await AccountAsync(email);
        var notice = new SendNotice
        {
            NoticeId = TypedId.New<NoticeId>(application.Clock),
            SubjectId = account.SubjectId,
            Notice = NoticeKind.TrialEnding,
            Values = new Dictionary<string, string>(StringComparer.Ordinal),
            Link = "/plan",
        };

        await PublishAsync(notice, notice, Marker(account));

        // The marker was published behind both: when it is there, a second mail would be too.
        await WaitFor.TrueAsync(() => Task.FromResult(application.Mail.To(email).Any(mail => mail.Subject == "Deneme süreniz bitti")));
        await WaitFor.TrueAsync(() => NothingPendingAsync(account));
        var mail = application.Mail.To(email).Single(mail => mail.Subject == "Deneme süreniz yakında bitiyor");
        mail.TextBody!.ShouldContain("https://localhost:7100/plan");
        mail.MessageId.ShouldStartWith(notice.NoticeId.ToString());
    }

    [Fact]
    public async Task A_notice_to_a_tenant_goes_to_its_owners()
    {
        var email = await application.CreateAccountAsync();
        var account = await AccountAsync(email);
        var tenant = await application.InDatabaseAsync(db =>
            db.MembershipRoutes.Where(route => route.AccountId == account.AccountId).Select(route => route.TenantId).SingleAsync()
        );

        await PublishAsync(
            new SendNotice
            {
                TenantId = tenant,
                NoticeId = TypedId.New<NoticeId>(application.Clock),
                Notice = NoticeKind.HandOverRequested,
                Values = new Dictionary<string, string>(StringComparer.Ordinal),
            }
        );

        await WaitFor.TrueAsync(() =>
            Task.FromResult(application.Mail.To(email).Any(mail => mail.Subject == "Biri bir insanla görüşmek istiyor"))
        );
    }

    [Fact]
    public async Task A_relay_that_is_busy_is_asked_again_and_one_that_refuses_is_not()
    {
        var email = await application.CreateAccountAsync();
        var account = await AccountAsync(email);
        await WaitFor.TrueAsync(() => NothingPendingAsync(account));
        application.Mail.Refusals.Enqueue("451 later");
        await PublishAsync(Marker(account));
        await WaitFor.TrueAsync(() => Task.FromResult(application.Mail.Refusals.IsEmpty));
        await WaitFor.TrueAsync(() => StateAsync(account, NoticeState.Pending, attempts: 1));

        application.Clock.Advance(TimeSpan.FromMinutes(2));
        await application.Services.GetRequiredService<DeliverNotices>().RunNowAsync(Stop);
        application.Mail.To(email).Count(mail => mail.Subject == "Deneme süreniz bitti").ShouldBe(1);

        application.Mail.Refusals.Enqueue("550 nobody here");
        await PublishAsync(Marker(account));
        await WaitFor.TrueAsync(() => StateAsync(account, NoticeState.Dropped, attempts: 1));
        application.Clock.Advance(TimeSpan.FromHours(1));
        await application.Services.GetRequiredService<DeliverNotices>().RunNowAsync(Stop);
        application.Mail.To(email).Count(mail => mail.Subject == "Deneme süreniz bitti").ShouldBe(1);
    }

    private static SendNotice Marker(Account account) =>
        new()
        {
            NoticeId = TypedId.New<NoticeId>(TimeProvider.System),
            SubjectId = account.SubjectId,
            Notice = NoticeKind.TrialEnded,
            Values = new Dictionary<string, string>(StringComparer.Ordinal),
        };

    private Task<Account> AccountAsync(string email)
    {
        var index = application.EmailIndex(email);
        return application.InDatabaseAsync(db => db.Accounts.SingleAsync(row => row.EmailIndex == index));
    }

    private async Task<bool> NothingPendingAsync(Account account) =>
        await application.InDatabaseAsync(db =>
            db.Notices.CountAsync(row => row.SubjectId == account.SubjectId && row.State == NoticeState.Pending)
        ) == 0;

    private Task<bool> StateAsync(Account account, NoticeState state, int attempts) =>
        application.InDatabaseAsync(db =>
            db.Notices.AnyAsync(row =>
                row.SubjectId == account.SubjectId && row.Kind == NoticeKind.TrialEnded && row.State == state && row.Attempts == attempts
            )
        );

    private async Task PublishAsync(params SendNotice[] notices)
    {
        var bus = MassTransit.Bus.Factory.CreateUsingRabbitMq(rabbit =>
            rabbit.Host(
                application.Bus.Tests,
                host =>
                    host.UseSsl(ssl =>
                    {
                        ssl.Protocol = SslProtocols.Tls12 | SslProtocols.Tls13;
                        ssl.ServerName = application.Bus.Tests.Host;
                    })
            )
        );
        await bus.StartAsync(Stop);
        try
        {
            foreach (var notice in notices)
                await bus.Publish(notice, Stop);
        }
        finally
        {
            await bus.StopAsync(Stop);
        }
    }
}
