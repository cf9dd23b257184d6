using System.Text.Json;
using WpAsis.Contracts.AiResponder;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Sealing;
using WpAsis.TestServers;

namespace WpAsis.MessagingGateway.Tests.Messages;

/// <summary>STOP and START.</summary>
public sealed class ConfirmStopTests(SharedServers servers)
{
    private const string Number = "905550000001";

    [Theory]
    [InlineData("STOP", "tr")]
    [InlineData(" Stop! ", "tr")]
    [InlineData("DURDUR", "tr")]
    [InlineData("Abonelikten Çık.", "tr")]
    [InlineData("unsubscribe", "en")]
    [InlineData("Cancelar suscripción", "es")]
    [InlineData("SAIR", "pt")]
    [InlineData("إيقاف", "ar")]
    [InlineData("Abbestellen", "de")]
    public async Task After_stop_there_is_one_confirmation_and_then_silence(string word, string language)
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var sender = gateway.Sender;
        await sender.SendAsync(channel, sender.Text(Number, "hello"), sender.Text(Number, word), sender.Text(Number, word));
        await gateway.SplitAsync();
        await sender.SendAsync(channel, sender.Text(Number, "a question of somebody who said stop"));
        await gateway.SplitAsync();

        (await gateway.ReceivedAsync()).ShouldHaveSingleItem();
        var changed = (await gateway.PublishedAsync<ThreadChanged>()).ShouldHaveSingleItem();
        changed.OptedOut.ShouldBeTrue();
        changed.Version.ShouldBe(2);
        (await gateway.CountAsync("message_log")).ShouldBe(4);
        (await gateway.CountAsync("opt_out where scope = 'All'")).ShouldBe(1);
        (await gateway.CountAsync("send_route")).ShouldBe(1);
        var confirmation = await ReadConfirmationAsync(gateway, channel.Tenant);
        confirmation.GetProperty("language").GetString().ShouldBe(language);
        confirmation.GetProperty("text").GetString()!.Length.ShouldBeGreaterThan(20);
    }

    [Theory]
    [InlineData("stop sending me the wrong invoice")]
    [InlineData("don't stop")]
    [InlineData("nonstop")]
    public async Task Stop_inside_a_sentence_is_a_sentence(string text)
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");

        await gateway.Sender.SendAsync(channel, gateway.Sender.Text(Number, text), gateway.Sender.Text(Number, "start"));
        await gateway.SplitAsync();

        (await gateway.ReceivedAsync()).Count.ShouldBe(2);
        (await gateway.CountAsync("opt_out")).ShouldBe(0);
    }

    [Fact]
    public async Task Start_ends_a_stop_on_every_number_of_the_business()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var second = channel with { Id = TypedId.New<ChannelId>(gateway.Clock), PhoneNumberId = "1002" };
        await gateway.ConnectAsync(second);
        var sender = gateway.Sender;
        await sender.SendAsync(channel, sender.Text(Number, "hello"));
        await sender.SendAsync(second, sender.Text(Number, "hello there"));
        await gateway.SplitAsync();

        await sender.SendAsync(channel, sender.Text(Number, "STOP"));
        await gateway.SplitAsync();
        await sender.SendAsync(second, sender.Text(Number, "said to the other number"));
        await gateway.SplitAsync();
        (await gateway.ReceivedAsync()).Count.ShouldBe(2);

        await sender.SendAsync(second, sender.Text(Number, "BAŞLA"));
        await sender.SendAsync(channel, sender.Text(Number, "I am back"));
        await gateway.SplitAsync();

        (await gateway.ReceivedAsync()).Count.ShouldBe(3);
        (await gateway.CountAsync("opt_out")).ShouldBe(0);
        var changes = await gateway.PublishedAsync<ThreadChanged>();
        changes.Count(change => change.OptedOut).ShouldBe(2);
        changes.Count(change => !change.OptedOut).ShouldBe(2);
        changes.GroupBy(change => change.ThreadId).ShouldAllBe(thread => thread.Max(change => change.Version) == 3);
    }

    [Fact]
    public async Task A_stop_outlives_the_contact()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var sender = gateway.Sender;
        await sender.SendAsync(channel, sender.Text(Number, "STOP"));
        await gateway.SplitAsync();
        await gateway.AdvanceAsync(TimeSpan.FromDays(91));
        (await gateway.CountAsync("contact")).ShouldBe(0);

        await sender.SendAsync(channel, sender.Text(Number, "me again"));
        await gateway.SplitAsync();

        (await gateway.ReceivedAsync()).ShouldBeEmpty();
        (await gateway.CountAsync("thread where opted_out")).ShouldBe(1);
    }

    private static async Task<JsonElement> ReadConfirmationAsync(GatewayApplication gateway, TenantId tenant)
    {
        var rows = await gateway.ReadAsync(
            "select reply_id, thread_id, outcome, turn_id is null and usage_id is null, epoch, nonce, ciphertext, tag from send",
            row =>
                (
                    Reply: row.GetGuid(0),
                    Thread: row.GetGuid(1),
                    Outcome: row.GetString(2),
                    IsOurs: row.GetBoolean(3),
                    Content: new SealedContent
                    {
                        Epoch = row.GetString(4),
                        Nonce = row.GetFieldValue<byte[]>(5),
                        Ciphertext = row.GetFieldValue<byte[]>(6),
                        Tag = row.GetFieldValue<byte[]>(7),
                    }
                )
        );
        var send = rows.ShouldHaveSingleItem();
        (send.Outcome, send.IsOurs).ShouldBe((nameof(ReplyOutcome.Notice), true));
        var address = new ContentAddress(tenant, new ThreadId(send.Thread), send.Reply, "reply");
        gateway.Sealer.TryOpen(address, send.Content, out var bytes).ShouldBeTrue();
        return JsonSerializer.Deserialize<JsonElement>(bytes);
    }
}
