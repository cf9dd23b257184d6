using System.Security.Authentication;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WpAsis.Contracts.DataSubjectRequest;
using WpAsis.Identity.Accounts;
using WpAsis.Identity.Data;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Subjects;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.Identity.Tests.DataSubjects;

public sealed class EraseSubjectTests(IdentityApplication application)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_last_owner_stays_until_the_business_is_closed_with_them()
    {
        var email = await application.CreateAccountAsync();
        var account = await AccountAsync(email);
        var request = Request(account);

        await PublishAsync(request, request with { CloseBusinesses = true });
        await WaitFor.TrueAsync(async () => await ReceiptAsync(request.RequestId) is not null);

        var receipt = application.Services.GetRequiredService<ReceiptSigner>().PublicKey.Verify((await ReceiptAsync(request.RequestId))!);
        receipt.ShouldNotBeNull().Rows["account"].ShouldBe(1);
        (await application.InDatabaseAsync(db => db.Accounts.CountAsync(row => row.SubjectId == account.SubjectId, Stop))).ShouldBe(0);
        (await application.InDatabaseAsync(db => db.Sessions.CountAsync(row => row.SubjectId == account.SubjectId, Stop))).ShouldBe(0);
        (await application.InDatabaseAsync(db => db.MembershipRoutes.CountAsync(row => row.AccountId == account.AccountId, Stop))).ShouldBe(
            0
        );

        // The address is free: whoever registers with it is somebody else.
        await application.ConfirmAsync(await RegisterAgainAsync(email));
        (await AccountAsync(email)).SubjectId.ShouldNotBe(account.SubjectId);
    }

    private async Task<string> RegisterAgainAsync(string email)
    {
        using var response = await application.RegisterAsync(email);
        response.EnsureSuccessStatusCode();
        return await application.ConfirmationTokenAsync(email);
    }

    private Task<Account> AccountAsync(string email)
    {
        var index = application.EmailIndex(email);
        return application.InDatabaseAsync(db => db.Accounts.AsNoTracking().SingleAsync(row => row.EmailIndex == index, Stop));
    }

    private async Task<string?> ReceiptAsync(SubjectRequestId request)
    {
        await using var db = application.Services.GetRequiredService<WorkDb<IdentityDbContext>>().CreateContext();
        return (await SubjectEraser.FindAsync(db, request, ReceiptAct.Erased, Stop))?.Jws;
    }

    private ErasureRequested Request(Account account) =>
        new()
        {
            RequestId = TypedId.New<SubjectRequestId>(application.Clock),
            SubjectId = account.SubjectId,
            Kind = SubjectKind.Account,
            At = application.Clock.GetUtcNow(),
        };

    private async Task PublishAsync(params ErasureRequested[] requests)
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
            foreach (var request in requests)
                await bus.Publish(request, Stop);
        }
        finally
        {
            await bus.StopAsync(Stop);
        }
    }
}
