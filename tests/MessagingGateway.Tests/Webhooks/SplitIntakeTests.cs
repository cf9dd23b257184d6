using System.Globalization;
using System.Net;
using System.Text;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Webhooks;
using WpAsis.TestServers;

namespace WpAsis.MessagingGateway.Tests.Webhooks;

public sealed class SplitIntakeTests(SharedServers servers)
{
    [Fact]
    public async Task A_message_becomes_a_row_and_an_event_with_its_words_sealed()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var sender = gateway.Sender;

        await sender.SendAsync(channel, sender.Text("905550000001", "Merhaba, açık mısınız?", ago: TimeSpan.FromSeconds(30)));
        await gateway.SplitAsync();

        var item = (await gateway.ReceivedAsync()).ShouldHaveSingleItem();
        item.TenantId.ShouldBe(channel.Tenant);
        item.ChannelId.ShouldBe(channel.Id);
        item.Kind.ShouldBe(MessageKind.Text);
        item.Sequence.ShouldBe(1);
        item.ThreadVersion.ShouldBe(1);
        item.Mode.ShouldBe(ThreadMode.Assistant);
        item.SentAt.ShouldBe(GatewayApplication.Start.AddSeconds(-30));
        item.ReceivedAt.ShouldBe(GatewayApplication.Start);
        item.WindowClosesAt.ShouldBe(item.SentAt.AddHours(24));
        item.Content!.Epoch.ShouldStartWith("24-");
        gateway.Open(item).GetProperty("text").GetString().ShouldBe("Merhaba, açık mısınız?");
        (await gateway.CountAsync("message_log where kind = 'Text' and direction = 'Inbound' and sent_at_usable")).ShouldBe(1);
        (await gateway.CountAsync("intake")).ShouldBe(0);
    }

    [Fact]
    public async Task The_same_post_five_times_from_twenty_clients_is_one_message()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers, sweeps: true);
        var channel = await gateway.ConnectAsync("1001");
        var sender = gateway.Sender;
        using var events = gateway.Collect("wpasis.intake.events");
        var bodies = Enumerable
            .Range(0, 40)
            .Select(i => Sender.Body(channel, Sender.Value(channel, [sender.Text($"90555{i:D7}", $"message {i}")])))
            .ToList();

        await Parallel.ForEachAsync(
            Enumerable.Range(0, 20),
            new ParallelOptions { MaxDegreeOfParallelism = 20, CancellationToken = GatewayApplication.Stop },
            async (_, _) =>
            {
                var client = gateway.Sender;
                foreach (var body in bodies)
                    await client.SendAsync(body);
            }
        );
        await gateway.SplitAsync();

        (await gateway.ReceivedAsync()).Count.ShouldBe(40);
        (await gateway.CountAsync("message_log")).ShouldBe(40);
        (await gateway.CountAsync("contact")).ShouldBe(40);
        events["duplicate"].ShouldBe(40 * 19);
    }

    [Fact]
    public async Task A_repeat_after_a_week_is_still_a_repeat()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var body = Sender.Body(channel, Sender.Value(channel, [gateway.Sender.Text("905550000001", "once")]));
        await gateway.Sender.SendAsync(body);
        await gateway.SplitAsync();

        await gateway.AdvanceAsync(TimeSpan.FromDays(7));
        await gateway.Sender.SendAsync(body);
        await gateway.SplitAsync();

        (await gateway.ReceivedAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task One_post_for_three_tenants_is_split_among_them()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var sender = gateway.Sender;
        var channels = new List<TestChannel>();
        for (var i = 0; i < 3; i++)
            channels.Add(await gateway.ConnectAsync($"100{i}", $"waba{i}"));
        // The same person writes to all of them: to each tenant they are another contact.
        var entries = channels.Select(
            (channel, i) => Sender.Entry(channel, Sender.Value(channel, [sender.Text("905550000001", $"to tenant {i}")]))
        );

        await sender.SendAsync(Sender.Body([.. entries]));
        await gateway.SplitAsync();

        var items = await gateway.ReceivedAsync();
        items.Select(item => item.TenantId).ShouldBe(channels.Select(channel => channel.Tenant), ignoreOrder: true);
        items.Select(item => item.SubjectId).Distinct().Count().ShouldBe(3);
        foreach (var item in items)
        {
            var at = channels.FindIndex(channel => channel.Tenant == item.TenantId);
            item.ChannelId.ShouldBe(channels[at].Id);
            gateway.Open(item).GetProperty("text").GetString().ShouldBe($"to tenant {at}");
        }
        foreach (var table in (string[])["contact", "thread", "message_log"])
            (await gateway.ReadAsync($"select tenant_id from {table}", row => row.GetGuid(0))).Distinct().Count().ShouldBe(3, table);
    }

    [Fact]
    public async Task The_largest_post_is_answered_in_a_second_and_split_whole()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var sender = gateway.Sender;
        var texts = Enumerable.Range(0, 5_800).Select(i => sender.Text($"90555{i % 500:D7}", $"message {i} {new string('m', 300)}"));
        var body = Encoding.UTF8.GetBytes(Sender.Body(channel, Sender.Value(channel, [.. texts])));
        body.Length.ShouldBeInRange(2_500_000, 3_600_000);
        using (var warm = await sender.PostAsync(Sender.Body()))
            warm.StatusCode.ShouldBe(HttpStatusCode.OK);
        var began = TimeProvider.System.GetTimestamp();

        using var answer = await sender.PostAsync(body, Sender.Sign(body));

        TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(1));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        await gateway.SplitAsync();
        var messages = await gateway.PublishedAsync<MessagesReceived>();
        messages.Sum(message => message.Items.Count).ShouldBe(5_800);
        messages.ShouldAllBe(message => message.Items.Count <= 256);
        (await gateway.ReadAsync("select max(length(body)) from outbox", row => row.GetInt32(0)))[0].ShouldBeLessThanOrEqualTo(1024 * 1024);
        (await gateway.CountAsync("message_log")).ShouldBe(5_800);
        (await gateway.CountAsync("contact")).ShouldBe(500);
    }

    [Theory]
    [InlineData("25:00:00")]
    [InlineData("91.00:00:00")]
    public async Task After_a_jump_of_the_clock_messages_still_find_their_day(string jump)
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var sender = gateway.Sender;
        await sender.SendAsync(channel, sender.Text("905550000001", "before"));
        await gateway.SplitAsync();
        // No sweeper has made the new day yet: the splitter makes what it lacks.
        gateway.Clock.Advance(TimeSpan.Parse(jump, CultureInfo.InvariantCulture));

        await sender.SendAsync(channel, sender.Text("905550000001", "after"));
        await gateway.SplitAsync();

        (await gateway.ReceivedAsync()).Count.ShouldBe(2);
        (await gateway.CountAsync("quarantine")).ShouldBe(0);
    }

    [Fact]
    public async Task Order_in_a_thread_is_by_time_and_then_by_arrival()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var sender = gateway.Sender;
        await sender.SendAsync(channel, sender.Text("905550000001", "third"), sender.Text("905550000001", "fourth"));
        await sender.SendAsync(channel, sender.Text("905550000001", "second", ago: TimeSpan.FromSeconds(5)));
        await sender.SendAsync(channel, sender.Text("905550000001", "first", ago: TimeSpan.FromSeconds(9)));

        await gateway.SplitAsync();

        var items = (await gateway.ReceivedAsync()).OrderBy(item => item.Sequence).ToList();
        items.Select(item => item.Sequence).ShouldBe([1, 2, 3, 4]);
        items.Select(item => gateway.Open(item).GetProperty("text").GetString()).ShouldBe(["first", "second", "third", "fourth"]);
    }

    [Theory]
    [InlineData("300", true)]
    [InlineData("-299", true)]
    [InlineData("-301", false)]
    [InlineData("691199", true)]
    [InlineData("691201", false)]
    [InlineData("garbage", false)]
    public void Metas_time_counts_where_it_is_usable(string secondsAgo, bool usable)
    {
        var arrived = GatewayApplication.Start;
        var text = int.TryParse(secondsAgo, CultureInfo.InvariantCulture, out var ago)
            ? arrived.AddSeconds(-ago).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)
            : secondsAgo;

        var (at, isMetas) = MessageTime.Of(text, arrived);

        isMetas.ShouldBe(usable);
        at.ShouldBe(isMetas ? arrived.AddSeconds(-ago) : arrived);
    }
}
