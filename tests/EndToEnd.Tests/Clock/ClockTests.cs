using System.Globalization;
using System.Text.Json;
using WpAsis.AppHost;
using WpAsis.Privacy.KeyRings;

namespace WpAsis.EndToEnd.Tests.Clock;

public sealed class ClockTests(RunningSystem system)
{
    private const string Gateway = "messaging-gateway";

    [Fact]
    public async Task The_clock_jumps_and_the_intake_goes_on_while_words_and_old_days_are_gone()
    {
        const string Contact = "905551000008";
        await system.Demo.DescribeAsync("We are open on Saturday from 10:00 to 16:00.");
        await system.Demo.WriteAsync(Contact, "open on Saturday?");
        await system.Demo.WaitForReplyAsync(Contact);
        var epochs = EpochsOnTheBus();
        var days = await DaysAsync(upTo: await NowAsync());
        epochs.Where(Opens).ShouldBe(epochs);
        epochs.ShouldNotBeEmpty();
        days.ShouldNotBeEmpty();

        await system.AdvanceAsync("25:00:00");
        await system.Demo.WriteAsync(Contact, "open on Saturday?");
        (await system.Demo.WaitForReplyAsync(Contact, 2)).ShouldContain("10:00");
        epochs.Where(Opens).ShouldBeEmpty("what was said a day ago still opens");

        await system.AdvanceAsync("2184:00:00");
        await system.Demo.WriteAsync(Contact, "open on Saturday?");
        (await system.Demo.WaitForReplyAsync(Contact, 3)).ShouldContain("10:00");
        (await DaysAsync(upTo: await NowAsync())).Intersect(days, StringComparer.Ordinal).ShouldBeEmpty("old days are still there");
        await using var gateway = system.OpenDatabase(Gateway);
        (await gateway.ReadAsync<DateTime>("select min(arrived_at) from message_log"))
            .Single()
            .ShouldBeGreaterThan((await NowAsync()).UtcDateTime.AddHours(-1));
    }

    // A ring of the test's own: whether a key is there does not depend on anybody's clock.
    private bool Opens(string epoch)
    {
        var folder = Path.Combine(system.Folder, "keys", Topology.ContentRing);
        return new ContentKeyRing(folder, TimeProvider.System).TryGetKey(epoch, new byte[ContentKeyRing.KeyBytes]);
    }

    private List<string> EpochsOnTheBus() =>
        [
            .. system
                .Bus.Messages.Where(message => message.Exchange.EndsWith(":MessagesReceived", StringComparison.Ordinal))
                .SelectMany(message => ReadEpochs(message.Body))
                .Distinct(StringComparer.Ordinal),
        ];

    private static IEnumerable<string> ReadEpochs(byte[] body)
    {
        var reader = new Utf8JsonReader(body);
        using var envelope = JsonDocument.ParseValue(ref reader);
        var items = envelope.RootElement.GetProperty("message").GetProperty("items").EnumerateArray().ToList();
        return
        [
            .. items
                .Where(item => item.TryGetProperty("content", out var content) && content.ValueKind is JsonValueKind.Object)
                .Select(item => item.GetProperty("content").GetProperty("epoch").GetString()!),
        ];
    }

    private async Task<DateTimeOffset> NowAsync() => (await system.ReadControlAsync("clock")).GetProperty("now").GetDateTimeOffset();

    private async Task<List<string>> DaysAsync(DateTimeOffset upTo)
    {
        var days = new List<string>();
        foreach (var service in Topology.Services.Where(service => service.HasDatabase))
        {
            await using var database = system.OpenDatabase(service.Name);
            days.AddRange(
                await database.ReadAsync<string>(
                    """
                    select current_database() || '.' || relname from pg_inherits join pg_class on pg_class.oid = inhrelid
                    where relkind = 'r' and right(relname, 8) <= $1
                    """,
                    upTo.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture)
                )
            );
        }
        return days;
    }
}
