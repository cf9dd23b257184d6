using System.Text;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.TestServers;

namespace WpAsis.MessagingGateway.Tests.Retention;

public sealed class PurgeExpiredTests(SharedServers servers)
{
    [Fact]
    public async Task Each_thing_goes_when_its_time_has_passed_and_not_before()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var sender = gateway.Sender;
        await sender.SendAsync(channel, sender.Text("905550000001", "hello"), sender.Message("\"from\":\"905550000001\"", "image", Image));
        await sender.SendAsync("no json");
        await gateway.SplitAsync();

        await AfterAsync("3.00:00:00", ("quarantine", 1), ("media", 1), ("message_key", 2));
        await AfterAsync("0.00:10:00", ("quarantine", 0), ("media", 0), ("message_key", 2), ("message_log", 2));
        await AfterAsync("5.00:00:00", ("message_key", 0), ("message_log", 2), ("contact", 1), ("thread", 1), ("vault.alias", 1));
        await AfterAsync("81.00:00:00", ("contact", 1), ("thread", 1), ("message_log", 2));
        await AfterAsync("1.00:00:00", ("contact", 0), ("thread", 0), ("vault.alias", 0), ("vault.tombstone", 1));
        await AfterAsync("1.00:00:00", ("message_log", 0));
        (await gateway.CountAsync("vault.subject_key where state = 'Erased' and wrapped is null")).ShouldBe(1);

        async Task AfterAsync(string time, params (string Table, long Rows)[] expected)
        {
            await gateway.AdvanceAsync(TimeSpan.Parse(time, System.Globalization.CultureInfo.InvariantCulture));
            foreach (var (table, rows) in expected)
                (await gateway.CountAsync(table)).ShouldBe(rows, $"{table} after {time}");
        }
    }

    [Fact]
    public async Task Whoever_goes_on_writing_stays_the_same_contact()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var sender = gateway.Sender;

        for (var month = 0; month < 5; month++)
        {
            await sender.SendAsync(channel, sender.Text("905550000001", "every two months"));
            await gateway.SplitAsync();
            await gateway.AdvanceAsync(TimeSpan.FromDays(60));
        }

        (await gateway.ReceivedAsync()).Select(item => item.SubjectId).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task No_table_holds_a_name_a_number_or_a_word_in_clear()
    {
        await using var gateway = await GatewayApplication.StartAsync(servers);
        var channel = await gateway.ConnectAsync("1001");
        var sender = gateway.Sender;
        const string Number = "905551234567";
        var wamid = "wamid." + Convert.ToBase64String(Encoding.ASCII.GetBytes(Number + ":canary"));
        const string Word = "canary-of-what-was-said";
        const string Name = "Canary Kanaryaoğlu";
        const string User = "TR.555canary555";
        var profile = Sender.Contact($"\"wa_id\":\"{Number}\",\"user_id\":\"{User}\"", Name);
        await sender.SendAsync(Sender.Body(channel, Sender.Value(channel, [sender.Text(Number, Word, wamid)], profile)));
        await sender.SendAsync(Sender.Body(channel, Sender.Value(channel, [sender.Text(Number, "STOP")], profile)));
        await sender.SendAsync($"{Word} {Number} is no json");
        await sender.SendAsync(channel with { PhoneNumberId = "unknown" }, sender.Text(Number, Word));
        await gateway.SplitAsync();
        // And one that is not split yet.
        await sender.SendAsync(Sender.Body(channel, Sender.Value(channel, [sender.Text(Number, Word)], profile)));

        var tables = await gateway.ReadAsync(
            "select quote_ident(schemaname) || '.' || quote_ident(tablename) from pg_tables where schemaname in ('public', 'vault', 'log')",
            row => row.GetString(0)
        );
        var everything = new StringBuilder();
        foreach (var table in tables)
        {
            foreach (var row in await gateway.ReadAsync($"select t::text from {table} t", row => row.GetString(0)))
                everything.AppendLine(row);
        }
        var text = everything.ToString();
        text.Length.ShouldBeGreaterThan(1_000);
        string[] secrets = [Number, wamid, Word, Name, "Kanarya", User, "canary"];
        foreach (var secret in secrets)
        {
            var hex = Convert.ToHexStringLower(Encoding.UTF8.GetBytes(secret));
            var base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)).TrimEnd('=');
            foreach (var form in (string[])[secret, hex, base64])
            {
                text.Contains(form, StringComparison.OrdinalIgnoreCase).ShouldBeFalse(secret);
                gateway.Logs.Lines.ShouldNotContain(line => line.Contains(form, StringComparison.OrdinalIgnoreCase));
            }
        }
        (await gateway.PublishedAsync<MessagesReceived>()).ShouldNotBeEmpty();
    }

    private const string Image = "\"image\":{\"id\":\"1\",\"mime_type\":\"image/jpeg\"}";
}
