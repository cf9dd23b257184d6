using System.Text.Json;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.Privacy.Sealing;
using WpAsis.TestServers;

namespace WpAsis.MessagingGateway.Tests.Messages;

public sealed class TakeInMessagesTests(SharedServers servers)
{
    private const string Number = "905550000001";

    [Fact]
    public async Task What_the_business_types_on_its_phone_takes_the_thread_over()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var sender = gateway.Sender;
        await sender.SendAsync(channel, sender.Text(Number, "hello"), sender.Text("905550000002", "somebody else"));
        await gateway.SplitAsync();
        var before = await gateway.ReceivedAsync();

        // The profile beside it is another person's: the echo's own receiver decides.
        await EchoAsync(gateway, channel, "\"to\":\"905550000001\"", "text", "\"text\":{\"body\":\"I take this one\"}");
        await sender.SendAsync(channel, sender.Text(Number, "thanks"), sender.Text("905550000002", "and me?"));
        await gateway.SplitAsync();

        var changed = (await gateway.PublishedAsync<ThreadChanged>()).ShouldHaveSingleItem();
        changed.ThreadId.ShouldBe(before[0].ThreadId);
        (changed.Mode, changed.Version).ShouldBe((ThreadMode.Human, 2));
        var said = (await gateway.PublishedAsync<HumanReplied>()).ShouldHaveSingleItem();
        said.ThreadId.ShouldBe(before[0].ThreadId);
        var address = new ContentAddress(channel.Tenant, said.ThreadId, said.MessageId.Value, "human");
        gateway.Sealer.TryOpen(address, said.Content, out var bytes).ShouldBeTrue();
        JsonSerializer.Deserialize<JsonElement>(bytes).GetProperty("text").GetString().ShouldBe("I take this one");
        var after = (await gateway.ReceivedAsync()).Skip(2).ToList();
        after
            .Select(item => (item.SubjectId, item.Mode))
            .ShouldBe([(before[0].SubjectId, ThreadMode.Human), (before[1].SubjectId, ThreadMode.Assistant)], ignoreOrder: true);
    }

    [Theory]
    [InlineData("edit", "\"edit\":{\"original_message_id\":\"wamid.x\",\"message\":{\"type\":\"text\",\"text\":{\"body\":\"x\"}}}")]
    [InlineData("revoke", "\"revoke\":{\"original_message_id\":\"wamid.x\"}")]
    public async Task An_edit_or_a_deletion_on_the_phone_takes_nothing_over(string type, string part)
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        await gateway.Sender.SendAsync(channel, gateway.Sender.Text(Number, "hello"));
        await gateway.SplitAsync();

        await EchoAsync(gateway, channel, $"\"to\":\"{Number}\"", type, part);
        await gateway.SplitAsync();

        (await gateway.PublishedAsync<ThreadChanged>()).ShouldBeEmpty();
        (await gateway.PublishedAsync<HumanReplied>()).ShouldBeEmpty();
        (await gateway.CountAsync("thread where mode = 'Assistant'")).ShouldBe(1);
        (await gateway.CountAsync("message_log where direction = 'Outbound'")).ShouldBe(1);
    }

    [Fact]
    public async Task Edits_and_quotes_name_the_messages_they_are_about()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var sender = gateway.Sender;
        var first = Sender.NewWamid();
        var from = $"\"from\":\"{Number}\"";
        await sender.SendAsync(channel, sender.Text(Number, "at five", first));
        await sender.SendAsync(
            channel,
            sender.Text(Number, "this one", more: $",\"context\":{{\"id\":\"{first}\"}}"),
            sender.Message(
                from,
                "edit",
                $"\"edit\":{{\"original_message_id\":\"{first}\",\"message\":{{\"type\":\"text\",\"text\":{{\"body\":\"at six\"}}}}}}"
            ),
            sender.Message(from, "revoke", $"\"revoke\":{{\"original_message_id\":\"{first}\"}}"),
            sender.Message(from, "revoke", "\"revoke\":{\"original_message_id\":\"wamid.of.long.ago\"}")
        );

        await gateway.SplitAsync();

        var items = await gateway.ReceivedAsync();
        items
            .Select(item => item.Kind)
            .ShouldBe([MessageKind.Text, MessageKind.Text, MessageKind.Edit, MessageKind.Revoke, MessageKind.Revoke]);
        gateway.Open(items[1]).GetProperty("quotedMessageId").GetString().ShouldBe(items[0].MessageId.ToString());
        gateway.Open(items[2]).GetProperty("text").GetString().ShouldBe("at six");
        items.Skip(2).Select(item => item.Concerns).ShouldBe([items[0].MessageId, items[0].MessageId, null]);
        items[3].Content.ShouldBeNull();
    }

    [Fact]
    public async Task Reactions_group_messages_and_unknown_kinds_are_logged_and_never_published()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var sender = gateway.Sender;
        var from = $"\"from\":\"{Number}\"";

        await sender.SendAsync(
            channel,
            sender.Message(from, "reaction", "\"reaction\":{\"message_id\":\"wamid.x\",\"emoji\":\"👍\"}"),
            sender.Message(from, "unsupported", ""),
            sender.Message(from, "hologram", "\"hologram\":{}"),
            sender.Message(from, "interactive", "\"interactive\":{\"type\":\"call_permission_reply\"}"),
            sender.Text(Number, "said in a group", more: ",\"group_id\":\"g\"")
        );
        await gateway.SplitAsync();

        (await gateway.ReceivedAsync()).ShouldBeEmpty();
        var kinds = await gateway.ReadAsync("select kind from message_log order by sequence", row => row.GetString(0));
        kinds.ShouldBe(["Reaction", "Unsupported", "Unsupported", "Interactive", "Group"]);
    }

    [Fact]
    public async Task Whoever_comes_by_an_ad_and_is_answered_within_a_day_keeps_the_window_for_three()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var sender = gateway.Sender;
        await sender.SendAsync(
            channel,
            sender.Text(Number, "hello", more: ",\"referral\":{\"headline\":\"Summer\",\"source_type\":\"ad\"}")
        );
        await gateway.SplitAsync();
        var item = (await gateway.ReceivedAsync())[0];
        item.WindowClosesAt.ShouldBe(item.SentAt.AddHours(24));
        gateway.Open(item).GetProperty("referral").GetProperty("headline").GetString().ShouldBe("Summer");
        var sent = await RecordStatusesTests.AddSentAsync(gateway, channel, item);

        gateway.Clock.Advance(TimeSpan.FromHours(2));
        await gateway.Sender.SendAsync(Sender.Body(channel, Sender.Value(channel, "statuses", $"[{sender.Status(sent.Wamid, "sent")}]")));
        await gateway.SplitAsync();

        var window = await gateway.ReadAsync("select window_closes_at from thread", row => row.GetFieldValue<DateTimeOffset>(0));
        window.ShouldBe([item.SentAt.AddHours(72)]);
    }

    private static async Task EchoAsync(GatewayApplication gateway, TestChannel channel, string to, string type, string part)
    {
        var echo = gateway.Sender.Message($"\"from\":\"1\",{to}", type, part);
        var profile = Sender.Contact("\"wa_id\":\"905550000002\"", "another");
        await gateway.Sender.SendAsync(
            Sender.Body(channel, Sender.Value(channel, "message_echoes", $"[{echo}]", profile), "smb_message_echoes")
        );
        await gateway.SplitAsync();
    }
}
