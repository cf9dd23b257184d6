using System.Text;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.Privacy.Ids;
using WpAsis.TestServers;

namespace WpAsis.MessagingGateway.Tests.Webhooks;

public sealed class QuarantineItemsTests(SharedServers servers)
{
    [Fact]
    public async Task A_bad_neighbour_harms_nobody()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var sender = gateway.Sender;
        using var quarantined = gateway.Collect("wpasis.intake.quarantined");
        string[] bad =
        [
            """{"from":"905550000009","timestamp":"1","type":"text","text":{"body":"no id"}}""",
            $$"""{"from":"905550000009","id":"{{Sender.NewWamid()}}","timestamp":"1"}""",
            $$$"""{"id":"{{{Sender.NewWamid()}}}","timestamp":"1","type":"text","text":{"body":"nobody"}}""",
            $$$"""{"from":"{{{new string('9', 600)}}}","id":"{{{Sender.NewWamid()}}}","type":"text","text":{"body":"long"}}""",
            $$$"""{"from":"905550000009","id":"{{{new string('w', 600)}}}","type":"text","text":{"body":"long id"}}""",
            sender.Text("905550000009", new string('x', 70_000)),
            "17",
        ];
        string[] odd =
        [
            """{"from":"90555\u0000000002","id":"wamid.nul\u0000","timestamp":"x","type":"text","text":{"body":"nul \u0000 in it"}}""",
            $$$"""{"from":"905550000003","id":"{{{Sender.NewWamid()}}}","timestamp":-1,"type":"text","text":{"body":"half \ud83d pair"}}""",
            sender.Message(
                "\"from\":\"905550000004\"",
                "image",
                $"\"image\":{{\"id\":\"1\",\"mime_type\":\"image/\\u0000{new string('p', 500)}\",\"sha256\":\"\\u0000\"}}"
            ),
        ];

        await sender.SendAsync(
            channel,
            [sender.Text("905550000001", "good before"), .. bad, .. odd, sender.Text("905550000001", "good after")]
        );
        var stranger = channel with { PhoneNumberId = "10\\u000001" };
        await sender.SendAsync(stranger, sender.Text("905550000001", "to a number with a NUL in it"));
        await gateway.SplitAsync();

        var items = await gateway.ReceivedAsync();
        items.Count.ShouldBe(2 + odd.Length);
        items
            .Where(item => item.Kind == MessageKind.Text)
            .Select(item => gateway.Open(item).GetProperty("text").GetString())
            .ShouldBe(["good before", "nul \0 in it", "half \ufffd pair", "good after"], ignoreOrder: true);
        (await gateway.CountAsync("quarantine where what = 'item'")).ShouldBe(bad.Length);
        quarantined["no-id"].ShouldBe(3);
        quarantined["no-type"].ShouldBe(1);
        quarantined["no-identity"].ShouldBe(2);
        quarantined["too-large"].ShouldBe(1);
        (await gateway.CountAsync("intake")).ShouldBe(0);
    }

    [Fact]
    public async Task An_event_that_the_database_refuses_is_put_aside_after_three_attempts_and_its_neighbours_go_on()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var sender = gateway.Sender;
        await gateway.RunAsync("alter table media add constraint refuses check (mime_type <> 'image/refused')");
        var refused = sender.Message("\"from\":\"905550000002\"", "image", "\"image\":{\"id\":\"1\",\"mime_type\":\"image/refused\"}");

        await sender.SendAsync(channel, sender.Text("905550000001", "neighbour"), refused, sender.Text("905550000003", "neighbour"));
        await sender.SendAsync(channel, sender.Text("905550000004", "another post"));
        await gateway.SplitAsync();

        (await gateway.ReceivedAsync()).Count.ShouldBe(3);
        var aside = await gateway.ReadAsync("select reason, what from quarantine", row => $"{row.GetString(0)} {row.GetString(1)}");
        aside.ShouldBe(["refused item"]);
        (await gateway.CountAsync("intake")).ShouldBe(0);
    }

    [Fact]
    public async Task A_body_that_killed_its_process_three_times_is_put_aside_whole()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var sender = gateway.Sender;
        // What the table looks like after three processes died at it.
        var id = TypedId.NewGuid(gateway.Clock);
        var body = Encoding.UTF8.GetBytes(Sender.Body(channel, Sender.Value(channel, [sender.Text("905550000001", "deadly")])));
        var content = gateway.Sealer.SealRaw(id, body);
        await gateway.RunAsync(
            "insert into intake (id, arrived_at, epoch, nonce, ciphertext, tag, attempts, claimed_until) "
                + "values ($1, $2, $3, $4, $5, $6, 3, $2)",
            id,
            gateway.Clock.GetUtcNow(),
            content.Epoch,
            content.Nonce,
            content.Ciphertext,
            content.Tag
        );
        await sender.SendAsync(channel, sender.Text("905550000001", "harmless"));

        await gateway.SplitAsync();

        (await gateway.ReceivedAsync()).Count.ShouldBe(1);
        (await gateway.ReadAsync("select reason, what from quarantine", row => $"{row.GetString(0)} {row.GetString(1)}")).ShouldBe([
            "attempts body",
        ]);
        (await gateway.CountAsync("intake")).ShouldBe(0);
    }
}
