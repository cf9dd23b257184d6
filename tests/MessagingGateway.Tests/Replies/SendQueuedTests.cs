using WpAsis.Contracts.AiResponder;
using WpAsis.MessagingGateway.Tests.CloudApi;
using WpAsis.Privacy.Ids;

namespace WpAsis.MessagingGateway.Tests.Replies;

public sealed class SendQueuedTests(SendFixture fixture) : IClassFixture<SendFixture>
{
    [Fact]
    public async Task A_reply_is_sent_once_and_its_words_are_deleted()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var thread = await world.AddThreadAsync();
        var reply = await world.QueueAsync(thread, "**Pazartesi** açığız");

        await world.SendAsync();
        await world.SendAsync();

        var (call, _) = world.Graph.Taken.ShouldHaveSingleItem();
        call.Said.ShouldBe("*Pazartesi* açığız");
        call.To.ShouldBe("905550000001");
        call.PhoneNumberId.ShouldBe(world.PhoneNumberId);
        call.Token.ShouldBe("Bearer token-" + world.PhoneNumberId);
        (await world.OutcomeAsync(reply)).ShouldBe("Accepted");
        var accepted = (await world.PublishedAsync()).ShouldHaveSingleItem().Body;
        accepted.GetProperty("messageId").GetString().ShouldBe(call.CallbackData);
        accepted.GetProperty("usageId").GetString().ShouldBe(reply.UsageId!.Value.ToString());
        (await world.ReadAsync("select 1 from send where ciphertext is not null or epoch is not null", _ => true)).ShouldBeEmpty();
        (await world.ReadAsync("select 1 from send_route", _ => true)).ShouldBeEmpty();
        (
            await world.ReadAsync($"select status from message_log where reply_id = '{reply.ReplyId.Value}'", row => row.GetString(0))
        ).ShouldBe(["Accepted"]);
        var message = MessageId.Parse(call.CallbackData!, null).Value;
        (await world.ReadAsync($"select outcome from delivery_attempt where message_id = '{message}'", row => row.GetString(0))).ShouldBe([
            "Accepted",
        ]);
    }

    [Fact]
    public async Task A_reply_that_comes_twice_is_queued_once()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var thread = await world.AddThreadAsync();
        var reply = await world.QueueAsync(thread, "bir");
        await world.QueueAsync(thread, "bir", bend: _ => reply);

        await world.SendAsync();
        await world.QueueAsync(thread, "bir", bend: _ => reply);
        await world.SendAsync();

        world.Graph.Taken.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_contact_without_a_number_gets_it_by_its_user_id()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var thread = await world.AddThreadAsync(waId: null, userId: "TR.kullanici1");
        await world.QueueAsync(thread, "Merhaba", suggested: ["Fiyatlar", "Bu başlık yirmi harften uzundur"]);

        await world.SendAsync();

        var (call, _) = world.Graph.Taken.ShouldHaveSingleItem();
        call.Recipient.ShouldBe("TR.kullanici1");
        call.To.ShouldBeNull();
        call.Buttons.ShouldBe(["Fiyatlar"]);
    }

    [Theory]
    [InlineData("update thread set erased = true where id = ", "Erased")]
    [InlineData("delete from thread where id = ", "Erased")]
    [InlineData("update thread set opted_out = true where id = ", "OptedOut")]
    [InlineData("update thread set mode = 'Human' where id = ", "HumanInCharge")]
    [InlineData("update thread set opted_out = true, mode = 'Human', erased = true where id = ", "Erased")]
    [InlineData("update thread set opted_out = true, mode = 'Human', window_closes_at = '2026-01-01' where id = ", "OptedOut")]
    [InlineData("update thread set mode = 'Human', window_closes_at = '2026-01-01' where id = ", "HumanInCharge")]
    [InlineData("update thread set window_closes_at = '2026-01-01' where id = ", "WindowClosed")]
    [InlineData("update channel set circuit_state = 'Open' where id = (select channel_id from thread where id = {0}) --", "ChannelBlocked")]
    [InlineData("update channel set state = 'Disconnected' where id = (select channel_id from thread where id = {0}) --", "ChannelBlocked")]
    public async Task What_stands_against_a_reply_drops_it_with_its_own_reason(string sql, string reason)
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var thread = await world.AddThreadAsync();
        var reply = await world.QueueAsync(thread, "gitmemeli");
        await world.RunAsync(sql.Replace("{0}", $"'{thread.Id.Value}'", StringComparison.Ordinal) + $"'{thread.Id.Value}'");

        await world.SendAsync();

        world.Graph.Sends.ShouldBeEmpty();
        (await world.OutcomeAsync(reply)).ShouldBe(reason);
        (await world.ReadAsync("select 1 from send where ciphertext is not null", _ => true)).ShouldBeEmpty();
        (await world.ReadAsync("select 1 from send_route", _ => true)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_reply_to_a_message_that_was_taken_back_is_dropped()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var thread = await world.AddThreadAsync();
        var question = TypedId.New<MessageId>(world.Clock);
        var reply = await world.QueueAsync(thread, "x", bend: sent => sent with { Answers = [question] });
        await world.RunAsync(
            $"""
            insert into message_log (tenant_id, arrived_at, id, thread_id, channel_id, subject, direction, kind, sequence, sent_at,
                sent_at_usable, concerns)
            values ('{world.Tenant.Value}', '{world.Clock.GetUtcNow():O}', gen_random_uuid(), '{thread.Id.Value}',
                '{world.Channel.Value}', '{thread.Subject.Value}', 'Inbound', 'Revoke', 2, '{world.Clock.GetUtcNow():O}', true,
                '{question.Value}')
            """
        );

        await world.SendAsync();

        (await world.OutcomeAsync(reply)).ShouldBe("Revoked");
        world.Graph.Sends.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_reply_whose_time_has_passed_is_dropped()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var reply = await world.QueueAsync(await world.AddThreadAsync(), "geç", sendWithin: TimeSpan.FromMinutes(1));
        world.Clock.Advance(TimeSpan.FromMinutes(1));

        await world.SendAsync();

        (await world.OutcomeAsync(reply)).ShouldBe("TooLate");
    }

    [Fact]
    public async Task A_reply_whose_words_no_longer_open_is_dropped()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var thread = await world.AddThreadAsync();
        var reply = await world.QueueAsync(thread, "eski", sendWithin: TimeSpan.FromHours(48));
        await world.RunAsync($"update thread set window_closes_at = '2027-01-01' where id = '{thread.Id.Value}'");
        world.Clock.Advance(TimeSpan.FromHours(25));

        await world.SendAsync();

        (await world.OutcomeAsync(reply)).ShouldBe("Expired");
    }

    [Fact]
    public async Task A_reply_to_an_erased_person_is_dropped_even_where_the_thread_still_stands()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var thread = await world.AddThreadAsync();
        var reply = await world.QueueAsync(thread, "x");
        await world.RunAsync($"update vault.subject_key set state = 'Erased', wrapped = null where subject = '{thread.Subject.Value}'");

        await world.SendAsync();

        (await world.OutcomeAsync(reply)).ShouldBe("Erased");
    }

    [Theory]
    [InlineData(131026, "Refused")]
    [InlineData(131047, "WindowClosed")]
    [InlineData(131050, "Refused")]
    [InlineData(190, "ChannelBlocked")]
    public async Task What_Meta_refuses_for_good_is_dropped_after_one_call(int code, string reason)
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        world.Graph.Decide = _ => StubAnswer.Refuse(400, code);
        var reply = await world.QueueAsync(await world.AddThreadAsync(), "x");

        await world.SendAsync();
        await world.PassAsync(TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(30));

        world.Graph.Sends.Count().ShouldBe(1);
        (await world.OutcomeAsync(reply)).ShouldBe(reason);
        (
            await world.ReadAsync($"select status from message_log where reply_id = '{reply.ReplyId.Value}'", row => row.GetString(0))
        ).ShouldBe(["Failed"]);
    }

    [Fact]
    public async Task A_contact_who_wants_no_marketing_is_remembered_by_hash()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        world.Graph.Decide = _ => StubAnswer.Refuse(400, 131050);
        var thread = await world.AddThreadAsync();
        await world.RunAsync(
            $"""
            insert into vault.alias (tenant_id, kind, hmac, subject)
            values ('{world.Tenant.Value}', 'WaId', '\x0102', '{thread.Subject.Value}')
            """
        );
        await world.QueueAsync(thread, "x");

        await world.SendAsync();

        var kept = await world.ReadAsync(
            $"select scope from opt_out where tenant_id = '{world.Tenant.Value}' and alias_hmac = '\\x0102'",
            row => row.GetString(0)
        );
        kept.ShouldBe(["Marketing"]);
    }

    [Fact]
    public async Task After_STOP_only_the_gateways_own_confirmation_goes()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var thread = await world.AddThreadAsync();
        await world.RunAsync($"update thread set opted_out = true where id = '{thread.Id.Value}'");
        var answer = await world.QueueAsync(thread, "yanıt");
        var notice = await world.QueueAsync(
            thread,
            "bildirim",
            2,
            bend: sent => sent with { Outcome = ReplyOutcome.Notice, UsageId = null }
        );
        var confirmation = await world.QueueAsync(
            thread,
            "onay",
            3,
            bend: sent => sent with { Outcome = ReplyOutcome.Notice, UsageId = null }
        );
        await world.RunAsync($"update send set turn_id = null where reply_id = '{confirmation.ReplyId.Value}'");

        await world.SendAsync();

        world.Graph.Taken.ShouldHaveSingleItem().Call.Said.ShouldBe("onay");
        (await world.OutcomeAsync(answer)).ShouldBe("OptedOut");
        (await world.OutcomeAsync(notice)).ShouldBe("OptedOut");
        (await world.OutcomeAsync(confirmation)).ShouldBe("Accepted");
    }

    [Fact]
    public async Task The_window_is_open_to_its_last_second_and_not_longer()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var thread = await world.AddThreadAsync();
        world.Clock.Advance(new TimeSpan(23, 59, 59));
        var inside = await world.QueueAsync(thread, "içeride");
        await world.SendAsync();
        world.Clock.Advance(TimeSpan.FromSeconds(2));
        var outside = await world.QueueAsync(thread, "dışarıda", 2);
        await world.SendAsync();

        (await world.OutcomeAsync(inside)).ShouldBe("Accepted");
        (await world.OutcomeAsync(outside)).ShouldBe("WindowClosed");
        world.Graph.Sends.Count().ShouldBe(1);
    }
}
