using Npgsql;
using WpAsis.Contracts.Identity;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Messaging;
using WpAsis.TestServers;

namespace WpAsis.ServiceDefaults.Tests.Messaging;

public sealed class OutboxTests(SharedServers servers)
{
    private static readonly Uri NoBus = new("amqps://nobody:nothing@localhost:1/none");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_that_waits_for_the_broker_has_used_up_no_attempt_and_is_tried_again_within_a_second()
    {
        await using var database = await servers.CreateDatabaseAsync("billing", "ServiceDefaults.Tests", Stop);
        await using var host = await ServiceHost.StartAsync(database, NoBus);
        var began = host.Clock.GetUtcNow();
        await using var db = host.Work.CreateContext();
        db.Publish(
            new TenantRegistered
            {
                TenantId = TypedId.New<TenantId>(host.Clock),
                Country = "XQ",
                At = began,
            },
            host.Clock
        );
        await db.SaveChangesAsync(Stop);

        await Eventually.HoldsAsync(async () => (await ReadAsync(host)).NextAt > began + TimeSpan.FromSeconds(1));

        var (attempts, next) = await ReadAsync(host);
        attempts.ShouldBe(0);
        (next - host.Clock.GetUtcNow()).ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_message_that_nobody_can_read_is_tried_ever_more_rarely_also_when_it_is_alone()
    {
        await using var database = await servers.CreateDatabaseAsync("billing", "ServiceDefaults.Tests", Stop);
        await using var host = await ServiceHost.StartAsync(database, NoBus);
        await using (
            var insert = host.Work.DataSource.CreateCommand(
                "insert into outbox (message_id, type, body, created_at, attempts, next_at) values ($1, 'Nobody:Knows', $2, $3, 4, $3)"
            )
        )
        {
            insert.Parameters.Add(new NpgsqlParameter { Value = TypedId.RandomGuid() });
            insert.Parameters.Add(new NpgsqlParameter { Value = "{}"u8.ToArray() });
            insert.Parameters.Add(new NpgsqlParameter { Value = host.Clock.GetUtcNow() });
            await insert.ExecuteNonQueryAsync(Stop);
        }

        await Eventually.HoldsAsync(async () => (await ReadAsync(host)).Attempts == 5);

        ((await ReadAsync(host)).NextAt - host.Clock.GetUtcNow()).ShouldBeGreaterThan(TimeSpan.FromSeconds(5));
    }

    private static async Task<(int Attempts, DateTimeOffset NextAt)> ReadAsync(ServiceHost host)
    {
        await using var command = host.Work.DataSource.CreateCommand("select attempts, next_at from outbox");
        await using var reader = await command.ExecuteReaderAsync(Stop);
        (await reader.ReadAsync(Stop)).ShouldBeTrue();
        return (reader.GetInt32(0), reader.GetFieldValue<DateTimeOffset>(1));
    }
}
