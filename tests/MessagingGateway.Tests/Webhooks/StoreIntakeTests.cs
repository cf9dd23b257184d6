using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Contacts;
using WpAsis.Privacy.Ids;
using WpAsis.TestServers;
using WpAsis.TestServers.Tiers;

namespace WpAsis.MessagingGateway.Tests.Webhooks;

public sealed class StoreIntakeTests(SharedServers servers)
{
    private const int Connections = 64;

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
        var seed = RandomNumberGenerator.GetInt32(int.MaxValue);
        var written = Enumerable.Range(0, messages).Select(i => Draw(seed, i, channels, contacts)).ToList();

        var began = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            written,
            new ParallelOptions { MaxDegreeOfParallelism = Connections, CancellationToken = GatewayApplication.Stop },
            async (one, _) =>
            {
                var sender = gateway.Sender;
                await sender.SendAsync(Sender.Body(one.Channel, ValueOf(sender, one.Channel, one.Contact)));
            }
        );
        var answered = Stopwatch.GetElapsedTime(began);
        await gateway.SplitAsync();
        Print($"seed {seed}: {messages} webhooks of {contacts} contacts over {Connections} connections, answered after {answered}");

        var items = await gateway.ReceivedAsync();
        var said = items.ConvertAll(item =>
            (Item: item, Text: gateway.Open(item).GetProperty("text").GetString()!, Tenant: item.TenantId.Value)
        );
        Each(said.Select(one => (one.Tenant, one.Text))).ShouldBe(Each(written.Select(one => (one.Channel.Tenant.Value, one.Text))));
        // What was said names its writer: per tenant, each writer is one person, and each person one writer.
        var pairs = said.Select(one => (one.Tenant, one.Text, one.Item.SubjectId)).Distinct().ToList();
        pairs.DistinctBy(pair => pair.SubjectId).Count().ShouldBe(pairs.Count);
        pairs.DistinctBy(pair => (pair.Tenant, pair.Text)).Count().ShouldBe(pairs.Count);
        items
            .GroupBy(item => item.ThreadId)
            .ShouldAllBe(thread =>
                thread.Select(item => item.Sequence).Order().SequenceEqual(Enumerable.Range(1, thread.Count()).Select(i => (long)i))
            );
        await ShouldBeLoggedAsync(gateway, items);
        await ShouldBeFoundByNameAsync(gateway, said.ToLookup(one => (one.Tenant, one.Text), one => one.Item.SubjectId), written);
        Print($"{items.Count} published, {said.DistinctBy(one => one.Item.SubjectId).Count()} persons, none of them at another's message");
    }

    // One row for each message, of the same person, thread and place.
    private static async Task ShouldBeLoggedAsync(GatewayApplication gateway, List<ReceivedMessage> items)
    {
        var rows = await gateway.ReadAsync(
            "select id, tenant_id, channel_id, thread_id, subject, sequence from message_log",
            row => (row.GetGuid(0), row.GetGuid(1), row.GetGuid(2), row.GetGuid(3), row.GetGuid(4), row.GetInt64(5))
        );
        var published = items.Select(item =>
            (item.MessageId.Value, item.TenantId.Value, item.ChannelId.Value, item.ThreadId.Value, item.SubjectId.Value, item.Sequence)
        );
        rows.Order().ShouldBe(published.Order());
    }

    // The way back: the name that a writer bears leads to the person to whom their words went.
    private static async Task ShouldBeFoundByNameAsync(
        GatewayApplication gateway,
        ILookup<(Guid, string), DataSubjectId> persons,
        List<Written> written
    )
    {
        var aliases = gateway.Services.GetRequiredService<AliasIndex>();
        var bearers = await gateway.ReadAsync(
            "select hmac, subject from vault.alias",
            row => (Name: Convert.ToHexString(row.GetFieldValue<byte[]>(0)), Subject: new DataSubjectId(row.GetGuid(1)))
        );
        var byName = bearers.ToDictionary(bearer => bearer.Name, bearer => bearer.Subject, StringComparer.Ordinal);
        foreach (var one in written.Distinct())
        {
            foreach (var alias in aliases.Identifying(one.Channel.Tenant, one.Names))
                byName[Convert.ToHexString(alias.Hmac.ToBytes())].ShouldBe(persons[(one.Channel.Tenant.Value, one.Text)].First());
        }
    }

    private static Written Draw(int seed, int number, TestChannel[] channels, int contacts)
    {
        var dice = SHA256.HashData(Encoding.ASCII.GetBytes($"{seed} {number}"));
        return new(channels[dice[0] % channels.Length], BinaryPrimitives.ReadUInt16BigEndian(dice.AsSpan(1)) % contacts);
    }

    private static List<KeyValuePair<TKey, int>> Each<TKey>(IEnumerable<TKey> all)
        where TKey : notnull => [.. all.CountBy(one => one).OrderBy(one => one.Key)];

    private static void Print(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);

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

    private sealed record Written(TestChannel Channel, int Contact)
    {
        public string Text => $"contact {Contact}";

        /// <summary>The names that its webhooks bear.</summary>
        public ContactNames Names =>
            ContactNames.Of(
                Contact % 4 == 1 ? null : $"90555{Contact:D7}",
                Contact % 4 == 0 ? null : $"TR.{Contact:D7}",
                parentUserId: null
            );
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
