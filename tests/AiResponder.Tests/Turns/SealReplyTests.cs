using Microsoft.EntityFrameworkCore;
using WpAsis.AiResponder.ChatModels;
using WpAsis.AiResponder.Replies;
using WpAsis.AiResponder.Tests.Stubs;
using WpAsis.AiResponder.Turns;
using WpAsis.AiResponder.Usages;
using WpAsis.Contracts.AiResponder;
using WpAsis.Contracts.Billing;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.TestServers;

namespace WpAsis.AiResponder.Tests.Turns;

/// <summary>The conditions of the one statement, each alone, without a worker that would have been cancelled before.</summary>
public sealed class SealReplyTests(SharedServers servers)
{
    private static readonly ComposedReply Said = new(ReplyOutcome.Answered, TurnReason.None, new("hi", "en", [], []));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("message")]
    [InlineData("edit")]
    [InlineData("revoke")]
    [InlineData("take-over")]
    [InlineData("opt-out")]
    public async Task What_changed_while_the_model_ran_throws_the_text_away(string change)
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);
        var contact = new Conversation(app);
        var opened = await OpenAsync(app, contact);
        var first = (await contact.MessagesAsync()).Single().MessageId;
        await (
            change switch
            {
                "message" => contact.WriteAsync("one more"),
                "edit" => contact.WriteAsync("better", MessageKind.Edit, first),
                "revoke" => contact.WriteAsync(null, MessageKind.Revoke, first),
                "take-over" => contact.TakeOverAsync(),
                _ => app.ConsumeAsync<ChangeThreadConsumer, ThreadChanged>(contact.Change(ThreadMode.Assistant, optedOut: true)),
            }
        );

        (await app.Get<SealReply>().SealAsync(opened, Said, new ModelUse(), Stop)).ShouldBeFalse();

        (await contact.GeneratedAsync()).ShouldBeEmpty();
        (await contact.RepliesAsync()).ShouldBeEmpty();
        (await contact.UsagesAsync()).Single().State.ShouldNotBe(UsageState.Used);
        await app.HoldsInvariantsAsync();
    }

    [Fact]
    public async Task The_third_answer_is_sealed_over_a_newer_message_and_asks_for_the_next_reservation()
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);
        var contact = new Conversation(app);
        var opened = await OpenAsync(app, contact);
        for (var rebuild = 1; rebuild <= 2; rebuild++)
        {
            await contact.WriteAsync($"more {rebuild}");
            (await app.Get<SealReply>().SealAsync(opened, Said, new ModelUse(), Stop)).ShouldBeFalse();
            await app.Get<ReleaseTurn>().ReleaseAsync(opened, TurnReason.NewMessage, new ModelUse(), null, Stop);
            app.Advance(10);
            opened = await ClaimAsync(app);
        }
        await contact.WriteAsync("left behind");

        (await app.Get<SealReply>().SealAsync(opened, Said, new ModelUse(), Stop)).ShouldBeTrue();

        var clock = await contact.ClockAsync();
        (clock.AnsweredSeq, clock.LastSeq, clock.Rebuilds, clock.Attempts).ShouldBe((3, 4, (short)0, (short)0));
        (clock.WakeAt!.Value - app.Clock.GetUtcNow()).ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2.3));
        (await app.PublishedAsync<ReserveUsage>())
            .Select(asked => asked.UsageId)
            .ShouldBe([Turn.UsageIdOf(contact.Thread, 1), Turn.UsageIdOf(contact.Thread, 4)]);
        await app.HoldsInvariantsAsync();
    }

    [Fact]
    public async Task An_edit_does_not_count_as_a_rebuild()
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);
        var contact = new Conversation(app);
        var opened = await OpenAsync(app, contact);
        var first = (await contact.MessagesAsync()).Single().MessageId;
        for (var change = 0; change < 4; change++)
        {
            await contact.WriteAsync($"better {change}", MessageKind.Edit, first);
            await app.Get<ReleaseTurn>().ReleaseAsync(opened, TurnReason.Changed, new ModelUse(), null, Stop);
            opened = await ClaimAsync(app);
        }

        var clock = await contact.ClockAsync();

        (clock.Rebuilds, clock.Attempts).ShouldBe(((short)0, (short)1));
        opened.Parts.Single().Text.ShouldBe("better 3");
    }

    [Fact]
    public async Task One_trace_spans_the_webhook_and_the_reply()
    {
        await using var app = await ResponderApplication.StartAsync(servers);
        // Its hosted service does not run here, and without it nobody listens to activities.
        _ = app.Get<OpenTelemetry.Trace.TracerProvider>();
        var contact = new Conversation(app);
        await contact.PublishProfileAsync();
        await contact.WriteAsync("hello");
        await contact.GrantAsync();
        app.Advance(2.3);
        await contact.AnsweredAsync();
        await using var db = app.Work.CreateContext();

        var traces = await db
            .Outbox.Where(row => row.Type == "Billing:ReserveUsage" || row.Type == "AiResponder:ReplyGenerated")
            .Select(row => row.TraceParent)
            .ToListAsync(Stop);

        traces.Count.ShouldBe(2);
        traces.ShouldAllBe(trace => trace!.Contains("0af7651916cd43dd8448eb211c80319c", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_lost_notification_is_made_good_by_the_heartbeat(bool takeOver)
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Deaf);
        app.Model.Answer = async call =>
        {
            if (call.Number == 1)
                await call.HeldAsync();
            return StubAnswer.Says("ok");
        };
        var contact = new Conversation(app);
        await contact.PublishProfileAsync();
        await contact.WriteAsync("hello");
        await contact.GrantAsync();
        app.Advance(2.3);
        await Eventually.HoldsAsync(() => app.Model.Calls.Count == 1);
        await (takeOver ? contact.TakeOverAsync() : contact.WriteAsync("one more"));

        await Eventually.HoldsAsync(() => app.Model.Calls.First().WasAborted);

        app.Advance(10);
        await contact.QuietAsync();
        (await contact.GeneratedAsync()).Count.ShouldBe(takeOver ? 0 : 1);
        await app.HoldsInvariantsAsync();
    }

    private static async Task<OpenedTurn> OpenAsync(ResponderApplication app, Conversation contact)
    {
        await contact.PublishProfileAsync();
        await contact.WriteAsync("hello");
        await contact.GrantAsync();
        app.Advance(2.3);
        return await ClaimAsync(app);
    }

    private static async Task<OpenedTurn> ClaimAsync(ResponderApplication app)
    {
        var claim = (await app.Get<ClaimTurns>().ClaimAsync(10, Stop)).ShouldHaveSingleItem();
        return (await app.Get<OpenTurn>().OpenAsync(claim, Stop)).ShouldNotBeNull();
    }
}
