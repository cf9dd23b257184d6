using Microsoft.EntityFrameworkCore;
using WpAsis.AiResponder.Turns;
using WpAsis.Contracts.Billing;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.TestServers;

namespace WpAsis.AiResponder.Tests.Turns;

public sealed class ReceiveMessagesTests(SharedServers servers)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Five_fragments_in_four_seconds_are_one_call_with_five_parts()
    {
        await using var app = await ResponderApplication.StartAsync(servers);
        var contact = new Conversation(app);
        await contact.PublishProfileAsync();
        for (var i = 1; i <= 5; i++)
        {
            await contact.WriteAsync($"fragment {i}");
            if (i < 5)
                app.Advance(1);
        }
        await contact.GrantAsync();
        app.Model.Calls.ShouldBeEmpty();
        app.Advance(2.3);

        var reply = (await contact.AnsweredAsync()).ShouldHaveSingleItem();

        reply.Answers.Count.ShouldBe(5);
        var call = app.Model.Calls.ShouldHaveSingleItem();
        call.Messages.Count(message => message.Role == "user").ShouldBe(5);
        (await app.PublishedAsync<ReserveUsage>()).ShouldHaveSingleItem();
        await app.HoldsInvariantsAsync();
    }

    [Fact]
    public async Task Collecting_ends_ten_seconds_after_the_first_message()
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);
        var contact = new Conversation(app);
        var first = app.Clock.GetUtcNow();
        for (var i = 0; i < 8; i++)
        {
            await contact.WriteAsync("and another thing");
            app.Advance(1.5);
        }

        var clock = await contact.ClockAsync();

        clock.LastSeq.ShouldBe(8);
        (clock.DueAt!.Value - first).ShouldBeInRange(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10.5));
        clock.WakeAt.ShouldBe(clock.DueAt);
    }

    [Fact]
    public async Task A_message_delivered_again_changes_nothing()
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);
        var contact = new Conversation(app);
        var batch = new MessagesReceived { Items = [contact.Message("one"), contact.Message("two")] };

        await app.ConsumeAsync<ReceiveMessagesConsumer, MessagesReceived>(batch);
        await app.ConsumeAsync<ReceiveMessagesConsumer, MessagesReceived>(batch);
        await app.ConsumeAsync<ReceiveMessagesConsumer, MessagesReceived>(
            batch with
            {
                Items = [batch.Items[1], contact.Message("three"), batch.Items[0]],
            }
        );

        (await contact.MessagesAsync()).Select(message => message.Seq).ShouldBe([1, 2, 3]);
        (await app.PublishedAsync<ReserveUsage>()).ShouldHaveSingleItem();
        await app.HoldsInvariantsAsync();
    }

    [Fact]
    public async Task A_bad_item_goes_to_quarantine_and_its_neighbours_of_two_tenants_go_on()
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);
        var (first, second, third) = (new Conversation(app), new Conversation(app), new Conversation(app));
        await first.WriteAsync("before");
        var foreign = second.Message("a thread of another tenant") with { ThreadId = first.Thread };
        var torn = third.Message("torn");
        torn = torn with { Content = torn.Content! with { Nonce = [1, 2, 3] } };

        await app.ConsumeAsync<ReceiveMessagesConsumer, MessagesReceived>(
            new MessagesReceived { Items = [second.Message("good"), foreign, first.Message("good too"), torn, third.Message("fine")] }
        );

        (await first.MessagesAsync()).Count.ShouldBe(2);
        (await second.MessagesAsync()).ShouldHaveSingleItem();
        (await third.MessagesAsync()).ShouldHaveSingleItem();
        await using var db = app.Work.CreateContext();
        var quarantine = await db.Quarantine.ToListAsync(Stop);
        quarantine
            .Select(bad => (bad.MessageId, bad.Reason))
            .ShouldBe([(foreign.MessageId, "foreign-thread"), (torn.MessageId, "content-form")], ignoreOrder: true);
        await app.HoldsInvariantsAsync();
    }

    [Fact]
    public async Task A_value_that_the_database_refuses_is_quarantined_too()
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);
        var contact = new Conversation(app);
        // PostgreSQL's year ends where DateTimeOffset's begins to matter: before 4714 BC there is none, so a broken kind stands in.
        var broken = contact.Message("x") with
        {
            Kind = (MessageKind)99,
        };
        await BreakAsync(app);

        await app.ConsumeAsync<ReceiveMessagesConsumer, MessagesReceived>(
            new MessagesReceived { Items = [broken, contact.Message("fine")] }
        );

        (await contact.MessagesAsync()).ShouldHaveSingleItem();
        await using var db = app.Work.CreateContext();
        (await db.Quarantine.SingleAsync(Stop)).Reason.ShouldBe("23514");
    }

    [Fact]
    public async Task Messages_while_a_person_is_in_charge_are_remembered_and_never_answered()
    {
        await using var app = await ResponderApplication.StartAsync(servers);
        var contact = new Conversation(app) { Mode = ThreadMode.Human };
        await contact.PublishProfileAsync();
        await contact.WriteAsync("is anybody there?");
        app.Advance(60);

        var clock = await contact.ClockAsync();

        (clock.LastSeq, clock.AnsweredSeq, clock.WakeAt).ShouldBe((1, 1, null));
        (await contact.TurnsAsync()).ShouldHaveSingleItem().Reason.ShouldBe(TurnReason.HumanInCharge);
        (await app.PublishedAsync<ReserveUsage>()).ShouldBeEmpty();
        await app.HoldsInvariantsAsync();
    }

    [Fact]
    public async Task Two_batches_with_the_same_threads_never_wait_for_each_other_in_a_circle()
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);
        var contacts = Enumerable.Range(0, 10).Select(_ => new Conversation(app)).ToList();
        var batches = Enumerable
            .Range(0, 8)
            .Select(i => (i % 2 == 0 ? contacts : contacts.AsEnumerable().Reverse()).Select(contact => contact.Message("hello")).ToList())
            .ToList();

        await Task.WhenAll(batches.Select(items => app.Get<TakeInMessages>().TakeInAsync(items, Stop)));

        foreach (var contact in contacts)
            (await contact.MessagesAsync()).Select(message => message.Seq).ShouldBe(Enumerable.Range(1, 8));
        (await app.PublishedAsync<ReserveUsage>()).Count.ShouldBe(10);
        await app.HoldsInvariantsAsync();
    }

    [Fact]
    public async Task A_session_without_a_tenant_sees_no_message()
    {
        await using var app = await ResponderApplication.StartAsync(servers, Running.Nothing);
        var contact = new Conversation(app);
        await contact.WriteAsync("mine");
        await using var db = app.Work.CreateContext();

        (await db.Messages.CountAsync(Stop)).ShouldBe(0);
        var stranger = new Conversation(app);
        (await stranger.InTenantAsync(inner => inner.Messages.CountAsync(Stop))).ShouldBe(0);
    }

    private static async Task BreakAsync(ResponderApplication app)
    {
        await using var connection = new Npgsql.NpgsqlConnection(app.Database.Owner);
        await connection.OpenAsync(Stop);
        await using var command = new Npgsql.NpgsqlCommand(
            "alter table turn_message add constraint known_kind check (kind <> '99')",
            connection
        );
        await command.ExecuteNonQueryAsync(Stop);
    }
}
