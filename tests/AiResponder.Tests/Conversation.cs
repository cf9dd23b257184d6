using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using WpAsis.AiResponder.Data;
using WpAsis.AiResponder.Profiles;
using WpAsis.AiResponder.Replies;
using WpAsis.AiResponder.Turns;
using WpAsis.AiResponder.Usages;
using WpAsis.Contracts.AiResponder;
using WpAsis.Contracts.Billing;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.KeyRings;
using WpAsis.Privacy.Sealing;
using WpAsis.Privacy.Vault;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.AiResponder.Tests;

/// <summary>One contact of one tenant, who writes, and the neighbours of the service, who answer.</summary>
internal sealed class Conversation(ResponderApplication app, TenantId? tenant = null)
{
    private long _sequence;

    public TenantId Tenant { get; } = tenant ?? TypedId.New<TenantId>(TimeProvider.System);

    public ThreadId Thread { get; } = TypedId.New<ThreadId>(TimeProvider.System);

    public DataSubjectId Subject { get; } = DataSubjectId.New();

    public ChannelId Channel { get; } = TypedId.New<ChannelId>(TimeProvider.System);

    public long Version { get; set; } = 1;

    public ThreadMode Mode { get; set; } = ThreadMode.Assistant;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private DateTimeOffset Now => app.Clock.GetUtcNow();

    public ReceivedMessage Message(string? text, MessageKind kind = MessageKind.Text, MessageId? concerns = null, MessageId? id = null)
    {
        var message = id ?? TypedId.New<MessageId>(TimeProvider.System);
        return new ReceivedMessage
        {
            TenantId = Tenant,
            MessageId = message,
            ChannelId = Channel,
            ThreadId = Thread,
            SubjectId = Subject,
            Sequence = ++_sequence,
            ThreadVersion = Version,
            Kind = kind,
            SentAt = Now,
            ReceivedAt = Now,
            WindowClosesAt = Now.AddHours(24),
            Mode = Mode,
            OptedOut = false,
            Concerns = concerns,
            Content = text is null ? null : Seal(message, kind, new JsonObject { ["text"] = text }),
            Media = [],
            TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        };
    }

    public SealedContent Seal(MessageId message, MessageKind kind, JsonObject content) =>
        app.Get<ContentSealer>()
            .Seal(
                new ContentAddress(Tenant, Thread, message.Value, kind.ToString().ToLowerInvariant()),
                WindowClass.Hours24,
                JsonSerializer.SerializeToUtf8Bytes(content)
            );

    /// <summary>The contact writes.</summary>
    public async Task<MessageId> WriteAsync(string? text, MessageKind kind = MessageKind.Text, MessageId? concerns = null)
    {
        var message = Message(text, kind, concerns);
        await app.Get<TakeInMessages>().TakeInAsync([message], Stop);
        return message.MessageId;
    }

    public ThreadChanged Change(ThreadMode mode, bool optedOut = false, bool erased = false, long? version = null) =>
        new()
        {
            TenantId = Tenant,
            ThreadId = Thread,
            SubjectId = Subject,
            Version = version ?? ++Version,
            Mode = mode,
            OptedOut = optedOut,
            Erased = erased,
            At = Now,
        };

    public Task TakeOverAsync() => app.ConsumeAsync<ChangeThreadConsumer, ThreadChanged>(Change(ThreadMode.Human));

    public Task ReleaseAsync() => app.ConsumeAsync<ChangeThreadConsumer, ThreadChanged>(Change(ThreadMode.Assistant));

    /// <summary>Billing answers the newest reservation that was asked for.</summary>
    public async Task<UsageId> GrantAsync()
    {
        var asked = (await app.PublishedAsync<ReserveUsage>()).Last(command => command.ThreadId == Thread);
        await app.ConsumeAsync<GrantUsageConsumer, UsageReserved>(
            new UsageReserved
            {
                TenantId = Tenant,
                UsageId = asked.UsageId,
                ThreadId = Thread,
                ExpiresAt = asked.ExpiresAt,
            }
        );
        return asked.UsageId;
    }

    /// <summary>Billing answers everything that was ever asked for this thread.</summary>
    public async Task GrantAllAsync()
    {
        foreach (var asked in (await app.PublishedAsync<ReserveUsage>()).Where(command => command.ThreadId == Thread))
            await app.ConsumeAsync<GrantUsageConsumer, UsageReserved>(
                new UsageReserved
                {
                    TenantId = Tenant,
                    UsageId = asked.UsageId,
                    ThreadId = Thread,
                    ExpiresAt = asked.ExpiresAt,
                }
            );
    }

    public async Task DenyAsync(DenialReason reason = DenialReason.QuotaExhausted)
    {
        var asked = (await app.PublishedAsync<ReserveUsage>()).Last(command => command.ThreadId == Thread);
        await app.ConsumeAsync<DenyUsageConsumer, UsageDenied>(
            new UsageDenied
            {
                TenantId = Tenant,
                UsageId = asked.UsageId,
                ThreadId = Thread,
                ExpiresAt = asked.ExpiresAt,
                Reason = reason,
            }
        );
    }

    /// <summary>The tenant has published a profile.</summary>
    public async Task PublishProfileAsync(string? deniedText = null, string facts = "We open at 9.\nA coffee costs 40 TL.")
    {
        var text = new ProfileText
        {
            AssistantName = "Defne",
            BusinessName = "Kafe",
            Facts = facts,
            HumanContact = "front desk",
            Languages = ["en", "tr"],
            DeniedText = deniedText,
        };
        using var scope = app.Services.GetScope();
        var db = scope.Db;
        await db.InTenantAsync(
            Tenant,
            async (inner, token) =>
            {
                var key = await app.Get<Vault>().GetOrCreateTenantKeyAsync(inner, Tenant, token);
                inner.Profiles.Add(
                    new Profile
                    {
                        TenantId = Tenant,
                        Version = (await inner.Profiles.MaxAsync(profile => (int?)profile.Version, token) ?? 0) + 1,
                        Text = key.SealBytes(Profile.Column, ProfileText.Write(text)),
                        PublishedAt = Now,
                        PublishedBy = TypedId.New<AccountId>(TimeProvider.System),
                    }
                );
            },
            Stop
        );
    }

    public async Task<TurnClock> ClockAsync()
    {
        await using var db = app.Work.CreateContext();
        return await db.Clocks.AsNoTracking().SingleAsync(clock => clock.ThreadId == Thread, Stop);
    }

    public Task<List<Turn>> TurnsAsync() =>
        InTenantAsync(db => db.Turns.AsNoTracking().Where(turn => turn.ThreadId == Thread).ToListAsync(Stop));

    public Task<List<Reply>> RepliesAsync() =>
        InTenantAsync(db =>
            db.Replies.AsNoTracking().Where(reply => reply.ThreadId == Thread).OrderBy(reply => reply.FromSeq).ToListAsync(Stop)
        );

    public Task<List<TurnMessage>> MessagesAsync() =>
        InTenantAsync(db => db.Messages.AsNoTracking().Where(row => row.ThreadId == Thread).OrderBy(row => row.Seq).ToListAsync(Stop));

    public async Task<List<Usage>> UsagesAsync()
    {
        await using var db = app.Work.CreateContext();
        return await db.Usages.AsNoTracking().Where(usage => usage.ThreadId == Thread).OrderBy(usage => usage.FromSeq).ToListAsync(Stop);
    }

    public async Task<T> InTenantAsync<T>(Func<ResponderDbContext, Task<T>> read)
    {
        await using var db = app.Work.CreateContext();
        return await db.InTenantAsync(Tenant, (inner, _) => read(inner), Stop);
    }

    /// <summary>The words of a published reply.</summary>
    public ReplyText Open(ReplyGenerated reply)
    {
        app.Get<ContentSealer>()
            .TryOpen(new ContentAddress(Tenant, Thread, reply.ReplyId.Value, "reply"), reply.Content, out var plain)
            .ShouldBeTrue();
        return JsonSerializer.Deserialize<ReplyText>(plain, JsonSerializerOptions.Web)!;
    }

    public async Task<List<ReplyGenerated>> GeneratedAsync() =>
        [.. (await app.PublishedAsync<ReplyGenerated>()).Where(reply => reply.ThreadId == Thread)];

    public async Task<List<UsageReleased>> ReleasedAsync() =>
        [.. (await app.PublishedAsync<UsageReleased>()).Where(released => released.ThreadId == Thread)];

    /// <summary>Waits until the thread has so many replies.</summary>
    public async Task<List<ReplyGenerated>> AnsweredAsync(int replies = 1)
    {
        await Eventually.HoldsAsync(async () => (await GeneratedAsync()).Count >= replies);
        return await GeneratedAsync();
    }

    /// <summary>Waits until nothing is waiting.</summary>
    public Task QuietAsync() => Eventually.HoldsAsync(async () => !(await ClockAsync()).IsPending);
}
