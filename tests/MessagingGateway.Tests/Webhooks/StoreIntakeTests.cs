using System.Net;
using System.Security.Cryptography;
using Npgsql;
using WpAsis.TestServers;
using WpAsis.TestServers.Tiers;

namespace WpAsis.MessagingGateway.Tests.Webhooks;

public sealed class StoreIntakeTests(SharedServers servers)
{
    [Fact]
    public async Task While_the_database_is_away_meta_is_told_to_come_back_and_afterwards_all_goes_on()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var sender = gateway.Sender;
        await sender.SendAsync(channel, sender.Text("905550000001", "before"));
        await gateway.SplitAsync();

        await TakeDatabaseAwayAsync(gateway);
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(i => sender.PostAsync(Sender.Body(channel, Sender.Value(channel, [sender.Text("1", $"{i}")]))))
        );
        answers.ShouldAllBe(answer => answer.StatusCode == HttpStatusCode.ServiceUnavailable && answer.Headers.RetryAfter != null);
        await BringDatabaseBackAsync(gateway);

        // The first one after the return: the writer must not answer from a dead connection.
        await sender.SendAsync(channel, sender.Text("905550000001", "after"));
        await gateway.SplitAsync();
        var texts = (await gateway.ReceivedAsync()).Select(item => gateway.Open(item).GetProperty("text").GetString());
        texts.ShouldBe(["before", "after"]);
    }

    [Fact]
    public async Task A_restart_of_the_database_between_two_posts_is_not_noticed()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var sender = gateway.Sender;

        for (var i = 0; i < 5; i++)
        {
            await sender.SendAsync(channel, sender.Text("905550000001", $"{i}"));
            await EndConnectionsAsync(gateway);
        }
        await gateway.SplitAsync();

        (await gateway.ReceivedAsync()).Count.ShouldBe(5);
    }

    [Fact]
    public async Task A_body_that_the_database_refuses_costs_its_neighbours_nothing()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        await gateway.RunAsync("alter table intake add constraint refuses check (length(ciphertext) < 5000)");
        var sender = gateway.Sender;
        var bodies = Enumerable
            .Range(0, 64)
            .Select(i => sender.Text($"90555{i:D7}", i % 16 == 7 ? new string('x', 6_000) : $"{i}"))
            .Select(text => Sender.Body(channel, Sender.Value(channel, [text])))
            .ToList();

        var answers = await Task.WhenAll(bodies.Select(body => gateway.Sender.PostAsync(body)));
        await gateway.SplitAsync();

        for (var i = 0; i < answers.Length; i++)
            answers[i].StatusCode.ShouldBe(i % 16 == 7 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK);
        (await gateway.ReceivedAsync()).Count.ShouldBe(60);
    }

    [Fact]
    public async Task Every_message_goes_to_its_own_contact_however_many_write_at_once() => await WriteAsync(contacts: 40, messages: 400);

    [LongFact("gateway")]
    public async Task Every_message_goes_to_its_own_contact_at_full_size() => await WriteAsync(contacts: 2_000, messages: 20_000);

    private async Task WriteAsync(int contacts, int messages)
    {
        await using var gateway = await GatewayApplication.StartAsync(servers, sweeps: true);
        TestChannel[] channels =
        [
            await gateway.ConnectAsync("1001"),
            await gateway.ConnectAsync("1002"),
            await gateway.ConnectAsync("1003"),
        ];
        var seed = new byte[messages * 2];
        RandomNumberGenerator.Fill(seed);

        await Parallel.ForEachAsync(
            Enumerable.Range(0, messages),
            new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = GatewayApplication.Stop },
            async (i, _) =>
            {
                var sender = gateway.Sender;
                var channel = channels[seed[i * 2] % channels.Length];
                var contact = ((seed[(i * 2) + 1] * 256) + seed[i * 2]) % contacts;
                await sender.SendAsync(Sender.Body(channel, ValueOf(sender, channel, contact)));
            }
        );
        await gateway.SplitAsync();

        var items = await gateway.ReceivedAsync();
        items.Count.ShouldBe(messages);
        // What was said names its writer: per tenant, each writer is one person, and each person one writer.
        var said = items
            .Select(item => (item.TenantId, item.SubjectId, Text: gateway.Open(item).GetProperty("text").GetString()!))
            .ToList();
        said.GroupBy(item => (item.TenantId, item.SubjectId))
            .ShouldAllBe(person => person.Select(item => item.Text).Distinct().Count() == 1);
        said.GroupBy(item => (item.TenantId, item.Text))
            .ShouldAllBe(writer => writer.Select(item => item.SubjectId).Distinct().Count() == 1);
        items
            .GroupBy(item => item.ThreadId)
            .ShouldAllBe(thread => thread.Select(item => item.Sequence).Distinct().Count() == thread.Count());
    }

    // Numbers, user ids and both in turn; between them messages that name nobody but stand with one profile.
    private static string ValueOf(Sender sender, TestChannel channel, int contact)
    {
        var number = $"\"wa_id\":\"90555{contact:D7}\"";
        var user = $"\"user_id\":\"TR.{contact:D7}\"";
        var name = $"contact {contact}";
        var text = $"\"text\":{{\"body\":\"{name}\"}}";
        return (contact % 4) switch
        {
            0 => Sender.Value(channel, [sender.Text($"90555{contact:D7}", name)], Sender.Contact(number, name)),
            1 => Sender.Value(channel, [sender.Message($"\"from_user_id\":\"TR.{contact:D7}\"", "text", text)], Sender.Contact(user, name)),
            2 => Sender.Value(channel, [sender.Message("\"nobody\":1", "text", text)], Sender.Contact($"{number},{user}", name)),
            _ => Sender.Value(
                channel,
                [sender.Text($"90555{contact:D7}", name, more: $",\"from_user_id\":\"TR.{contact:D7}\"")],
                $"{Sender.Contact("\"wa_id\":\"905559999999\"", "somebody else")},{Sender.Contact(number, name)}"
            ),
        };
    }

    private async Task TakeDatabaseAwayAsync(GatewayApplication gateway)
    {
        await RunAsServerAsync($"alter database \"{gateway.DatabaseName}\" with allow_connections false");
        await EndConnectionsAsync(gateway);
    }

    private Task BringDatabaseBackAsync(GatewayApplication gateway) =>
        RunAsServerAsync($"alter database \"{gateway.DatabaseName}\" with allow_connections true");

    private Task EndConnectionsAsync(GatewayApplication gateway) =>
        RunAsServerAsync(
            $"select pg_terminate_backend(pid, 5000) from pg_stat_activity "
                + $"where datname = '{gateway.DatabaseName}' and usename like '%_work'"
        );

    private async Task RunAsServerAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(servers.Superuser);
        await connection.OpenAsync(GatewayApplication.Stop);
#pragma warning disable CA2100 // Texts of the tests.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(GatewayApplication.Stop);
    }
}
