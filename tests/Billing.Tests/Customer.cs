using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using WpAsis.Billing.Subscriptions;
using WpAsis.Billing.Usage;
using WpAsis.Contracts.AiResponder;
using WpAsis.Contracts.Billing;
using WpAsis.Contracts.Identity;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Http;

namespace WpAsis.Billing.Tests;

/// <summary>A customer of a test's own, and what happens to it.</summary>
internal sealed class Customer(BillingApplication app)
{
    private static readonly TimeSpan TurnLife = TimeSpan.FromMinutes(20);

    public TenantId Id { get; } = TypedId.New<TenantId>(app.Clock);

    public ThreadId Thread { get; } = TypedId.New<ThreadId>(app.Clock);

    public static async Task<Customer> RegisterAsync(BillingApplication app)
    {
        var customer = new Customer(app);
        await customer.RegisterAsync();
        return customer;
    }

    /// <summary>A customer with a plan that renews.</summary>
    public static async Task<Customer> OnProAsync(BillingApplication app)
    {
        var customer = await RegisterAsync(app);
        using var response = await customer.GiveAsync("pro", "a test");
        response.EnsureSuccessStatusCode();
        await customer.EntitlementAsync(2);
        return customer;
    }

    public async Task<EntitlementsChanged> RegisterAsync()
    {
        await app.Bus.PublishAsync(new TenantRegistered { TenantId = Id, At = app.Clock.GetUtcNow() });
        return await EntitlementAsync(1);
    }

    public Task<EntitlementsChanged> EntitlementAsync(long version) =>
        app.Bus.NextAsync<EntitlementsChanged>(changed => changed.TenantId == Id && changed.Version == version);

    public ReserveUsage Ask(int replies = 1, UsageId? usage = null) =>
        new()
        {
            TenantId = Id,
            UsageId = usage ?? TypedId.New<UsageId>(app.Clock),
            ThreadId = Thread,
            Replies = replies,
            CostCeiling = 1_000,
            ExpiresAt = app.Clock.GetUtcNow() + TurnLife,
        };

    /// <summary>Asks over the bus and waits for the answer, whatever it is: null for yes.</summary>
    public async Task<UsageDenied?> ReserveAsync(ReserveUsage command)
    {
        var before = Answers(command.UsageId);
        await app.Bus.PublishAsync(command);
        await Eventually.TrueAsync(() => Task.FromResult(Answers(command.UsageId) > before), "a reservation was answered");
        return app.Bus.Heard<UsageDenied>(denied => denied.UsageId == command.UsageId) is [.., var last] ? last : null;
    }

    public async Task<UsageId> ReservedAsync(int replies = 1)
    {
        var command = Ask(replies);
        (await ReserveAsync(command)).ShouldBeNull();
        return command.UsageId;
    }

    public Task AcceptAsync(UsageId? usage, Guid? messageId = null) =>
        app.Bus.PublishAsync(
            new ReplyAccepted
            {
                TenantId = Id,
                ReplyId = TypedId.New<ReplyId>(app.Clock),
                UsageId = usage,
                ThreadId = Thread,
                SubjectId = DataSubjectId.New(),
                MessageId = TypedId.New<MessageId>(app.Clock),
                AcceptedAt = app.Clock.GetUtcNow(),
            },
            messageId
        );

    public Task DropAsync(UsageId? usage) =>
        app.Bus.PublishAsync(
            new ReplyDropped
            {
                TenantId = Id,
                ReplyId = TypedId.New<ReplyId>(app.Clock),
                UsageId = usage,
                ThreadId = Thread,
                SubjectId = DataSubjectId.New(),
                Reason = DropReason.TooLate,
            }
        );

    public Task ReleaseAsync(UsageId usage) =>
        app.Bus.PublishAsync(
            new UsageReleased
            {
                TenantId = Id,
                UsageId = usage,
                ThreadId = Thread,
            }
        );

    /// <summary>Used and reserved of the current period.</summary>
    public async Task<(int Used, int Reserved)> CountsAsync()
    {
        var counter = await app.ReadAsync(
            Id,
            async (db, token) =>
            {
                var period = await db.Subscriptions.Select(row => row.Period).SingleAsync(token);
                return await db.UsageCounters.AsNoTracking().SingleAsync(row => row.Period == period, token);
            }
        );
        return (counter.Used, counter.Reserved);
    }

    public Task UntilCountsAsync(int used, int reserved) =>
        Eventually.TrueAsync(async () => await CountsAsync() == (used, reserved), $"{used} are used and {reserved} reserved");

    public Task<ReservationState?> StateOfAsync(UsageId usage) =>
        app.ReadAsync(
            Id,
            (db, token) =>
                db.Reservations.Where(row => row.UsageId == usage).Select(row => (ReservationState?)row.State).SingleOrDefaultAsync(token)
        );

    public Task UntilStateAsync(UsageId usage, ReservationState state) =>
        Eventually.TrueAsync(async () => await StateOfAsync(usage) == state, $"a reservation is {state}");

    public async Task<SubscriptionView> SubscriptionAsync()
    {
        using var client = app.CreateClient(app.Member(Id));
        return (await client.GetFromJsonAsync<SubscriptionView>("/subscription", Json.Options))!;
    }

    public async Task<HttpResponseMessage> GiveAsync(string plan, string reason, string? token = null)
    {
        using var client = app.CreateClient(token ?? app.Operator());
        return await client.PutAsJsonAsync($"/operations/tenants/{Id}/plan", new GivePlanRequest(plan, reason));
    }

    private int Answers(UsageId usage) =>
        app.Bus.Heard<UsageReserved>(reserved => reserved.UsageId == usage).Count
        + app.Bus.Heard<UsageDenied>(denied => denied.UsageId == usage).Count;
}
