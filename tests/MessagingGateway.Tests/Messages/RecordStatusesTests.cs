using Microsoft.Extensions.DependencyInjection;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Replies;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Values;
using WpAsis.TestServers;

namespace WpAsis.MessagingGateway.Tests.Messages;

public sealed class RecordStatusesTests(SharedServers servers)
{
    private const string Number = "905550000001";

    [Fact]
    public async Task Every_order_of_states_ends_in_read_and_each_keeps_its_time()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var item = await ReceiveAsync(gateway, channel);
        var orders = Permutations(["sent", "delivered", "read", "delivered", "sent"]).ToList();
        orders.Count.ShouldBe(120);
        var sender = gateway.Sender;
        var half = 0;

        foreach (var order in orders)
        {
            var sent = await AddSentAsync(gateway, channel, item);
            // One half in one webhook, the other half one by one.
            string[][] posts = half++ % 2 == 0 ? [order] : [.. order.Select(state => new[] { state })];
            foreach (var post in posts)
            {
                var statuses = post.Select(state => sender.Status(sent.Wamid, state, ago: AgeOf(state)));
                await sender.SendAsync(Sender.Body(channel, Sender.Value(channel, "statuses", $"[{string.Join(',', statuses)}]")));
                if (half < 8)
                    await gateway.SplitAsync();
            }
        }
        await gateway.SplitAsync();

        (await gateway.CountAsync("message_log where direction = 'Outbound' and status = 'Read'")).ShouldBe(120);
        var now = gateway.Clock.GetUtcNow();
        (
            await gateway.CountAsync(
                "message_log where sent_status_at = $1 and delivered_at = $2 and read_at = $3",
                now - AgeOf("sent"),
                now - AgeOf("delivered"),
                now - AgeOf("read")
            )
        ).ShouldBe(120);
        var published = await gateway.PublishedAsync<MessageStatusChanged>();
        published.GroupBy(change => change.MessageId).ShouldAllBe(message => message.Last().Status == MessageStatus.Read);
        published.GroupBy(change => change.MessageId).Count().ShouldBe(120);
    }

    [Fact]
    public async Task Failed_is_final_and_a_price_of_today_is_kept()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var item = await ReceiveAsync(gateway, channel);
        var sent = await AddSentAsync(gateway, channel, item);
        const string Price =
            ",\"pricing\":{\"billable\":true,\"pricing_model\":\"PMP\",\"type\":\"regular\",\"category\":\"service\"},\"conversation\":{}";

        await PostAsync(gateway, channel, gateway.Sender.Status(sent.Wamid, "sent", more: Price));
        await PostAsync(gateway, channel, gateway.Sender.Status(sent.Wamid, "failed", more: ",\"errors\":[{\"code\":131026}]"));
        await PostAsync(gateway, channel, gateway.Sender.Status(sent.Wamid, "delivered"));
        await PostAsync(gateway, channel, gateway.Sender.Status(sent.Wamid, "warmed-up"));

        var row = await gateway.ReadAsync(
            "select status, error_code, billable, pricing_model, pricing_type, pricing_category from message_log "
                + "where direction = 'Outbound'",
            row => $"{row.GetString(0)} {row.GetInt32(1)} {row.GetBoolean(2)} {row.GetString(3)} {row.GetString(4)} {row.GetString(5)}"
        );
        row.ShouldBe(["Failed 131026 True PMP regular service"]);
        var published = await gateway.PublishedAsync<MessageStatusChanged>();
        published.Select(change => change.Status).ShouldBe([MessageStatus.Sent, MessageStatus.Failed]);
        published[0].Pricing!.Category.ShouldBe("service");
    }

    [Fact]
    public async Task A_state_that_is_faster_than_our_own_call_settles_the_send_by_our_id()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var item = await ReceiveAsync(gateway, channel);
        var reply = TypedId.New<ReplyId>(gateway.Clock);
        var message = TypedId.New<MessageId>(gateway.Clock);
        var wamid = Sender.NewWamid();
        await AddSendAsync(gateway, channel, item, reply, message);

        await PostAsync(gateway, channel, gateway.Sender.Status(wamid, "delivered", message.ToString()));
        // From then on Meta's id alone is enough.
        await PostAsync(gateway, channel, gateway.Sender.Status(wamid, "read"));

        (await gateway.PublishedAsync<ReplyAccepted>()).ShouldHaveSingleItem().ReplyId.ShouldBe(reply);
        (await gateway.CountAsync("send where state = 'Accepted' and ciphertext is null")).ShouldBe(1);
        (await gateway.CountAsync("send_route")).ShouldBe(0);
        (await gateway.CountAsync("message_log where direction = 'Outbound' and status = 'Read' and wamid is not null")).ShouldBe(1);
        (await gateway.PublishedAsync<MessageStatusChanged>())
            .Select(change => change.Status)
            .ShouldBe([MessageStatus.Delivered, MessageStatus.Read]);
    }

    [Fact]
    public async Task A_state_of_another_tenants_message_moves_nothing()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var other = await gateway.ConnectAsync("1002");
        var item = await ReceiveAsync(gateway, channel);
        var message = TypedId.New<MessageId>(gateway.Clock);
        await AddSendAsync(gateway, channel, item, TypedId.New<ReplyId>(gateway.Clock), message);

        await PostAsync(gateway, other, gateway.Sender.Status(Sender.NewWamid(), "delivered", message.ToString()));

        (await gateway.CountAsync("send where state = 'Sending'")).ShouldBe(1);
        (await gateway.PublishedAsync<ReplyAccepted>()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Marketing_is_stopped_by_preference_and_by_metas_answer_and_answers_go_on()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var sender = gateway.Sender;
        var item = await ReceiveAsync(gateway, channel);
        var sent = await AddSentAsync(gateway, channel, item);

        await PreferAsync("stop");
        (await gateway.CountAsync("opt_out where scope = 'Marketing'")).ShouldBe(1);
        await PreferAsync("resume");
        (await gateway.CountAsync("opt_out")).ShouldBe(0);
        await PostAsync(gateway, channel, sender.Status(sent.Wamid, "failed", more: ",\"errors\":[{\"code\":131050}]"));
        (await gateway.CountAsync("opt_out where scope = 'Marketing'")).ShouldBe(1);
        await sender.SendAsync(channel, sender.Text(Number, "still answered"));
        await gateway.SplitAsync();
        (await gateway.ReceivedAsync()).Count.ShouldBe(2);

        async Task PreferAsync(string value)
        {
            var preference = $"[{{\"wa_id\":\"{Number}\",\"category\":\"marketing_messages\",\"value\":\"{value}\"}}]";
            await sender.SendAsync(Sender.Body(channel, Sender.Value(channel, "user_preferences", preference), "user_preferences"));
            await gateway.SplitAsync();
        }
    }

    /// <summary>A message that was sent and accepted.</summary>
    internal static async Task<(MessageId Id, string Wamid)> AddSentAsync(
        GatewayApplication gateway,
        TestChannel channel,
        ReceivedMessage item
    )
    {
        var message = TypedId.New<MessageId>(gateway.Clock);
        var wamid = Sender.NewWamid();
        await LogAsync(gateway, channel, item, message);
        await gateway.RunAsync(
            "insert into message_key (phone_number_id, wamid_hmac, message_id, arrived_at) values ($1, $2, $3, $4)",
            channel.PhoneNumberId,
            gateway.Services.GetRequiredService<WamidIndex>().Of(Wamid.Parse(wamid)),
            message.Value,
            gateway.Clock.GetUtcNow()
        );
        return (message, wamid);
    }

    private static async Task<ReceivedMessage> ReceiveAsync(GatewayApplication gateway, TestChannel channel)
    {
        await gateway.Sender.SendAsync(channel, gateway.Sender.Text(Number, "hello"));
        await gateway.SplitAsync();
        return (await gateway.ReceivedAsync())[0];
    }

    private static async Task AddSendAsync(
        GatewayApplication gateway,
        TestChannel channel,
        ReceivedMessage item,
        ReplyId reply,
        MessageId message
    )
    {
        await LogAsync(gateway, channel, item, message);
        await gateway.RunAsync(
            """
            with queued as (
                insert into send (tenant_id, reply_id, thread_id, channel_id, subject, first_sequence, answers, outcome, send_before, state,
                    message_id, part, parts, attempts, next_at, called_at, resent, epoch, nonce, ciphertext, tag, created_at)
                values ($1, $2, $3, $4, $5, 1, '{}', 'Answered', $6, 'Sending', $7, 1, 1, 1, $6, $6, false, '24-2026112409', '', '', '', $6)
            )
            insert into send_route (reply_id, tenant_id, thread_id, channel_id, first_sequence, next_at) values ($2, $1, $3, $4, 1, $6)
            """,
            channel.Tenant.Value,
            reply.Value,
            item.ThreadId.Value,
            channel.Id.Value,
            item.SubjectId.Value,
            gateway.Clock.GetUtcNow(),
            message.Value
        );
    }

    private static Task LogAsync(GatewayApplication gateway, TestChannel channel, ReceivedMessage item, MessageId message) =>
        gateway.RunAsync(
            """
            insert into message_log (tenant_id, arrived_at, id, thread_id, channel_id, subject, direction, kind, sequence, sent_at,
                sent_at_usable, status, queued_at)
            values ($1, $2, $3, $4, $5, $6, 'Outbound', 'Text', 0, $2, true, 'Queued', $2)
            """,
            channel.Tenant.Value,
            gateway.Clock.GetUtcNow(),
            message.Value,
            item.ThreadId.Value,
            channel.Id.Value,
            item.SubjectId.Value
        );

    private static async Task PostAsync(GatewayApplication gateway, TestChannel channel, string status)
    {
        await gateway.Sender.SendAsync(Sender.Body(channel, Sender.Value(channel, "statuses", $"[{status}]")));
        await gateway.SplitAsync();
    }

    private static TimeSpan AgeOf(string state) =>
        TimeSpan.FromSeconds(
            state switch
            {
                "sent" => 30,
                "delivered" => 20,
                _ => 10,
            }
        );

    private static IEnumerable<string[]> Permutations(string[] items) =>
        items.Length == 1
            ? [items]
            : Enumerable
                .Range(0, items.Length)
                .SelectMany(i => Permutations([.. items[..i], .. items[(i + 1)..]]).Select(rest => (string[])[items[i], .. rest]));
}
