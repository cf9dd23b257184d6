using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using WpAsis.Contracts.Identity;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.Security;
using WpAsis.TestServers;

namespace WpAsis.ServiceDefaults.Tests.Operators;

public sealed class ErrorQueueTests(SharedServers servers)
{
    private const string Queue = "billing-count-tenant_error";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_consumer_gave_up_is_seen_without_content_and_redriven_with_one_effect()
    {
        await using var database = await servers.CreateDatabaseAsync("billing", "ServiceDefaults.Tests", Stop);
        await using var virtualHost = await servers.CreateVirtualHostAsync("ServiceDefaults.Tests", Stop);
        await using var host = await ServiceHost.StartAsync(database, virtualHost.Of("billing"));
        await host.WaitForBusAsync();
        var counted = host.Services.GetRequiredService<CountedTenants>();
        var message = new TenantRegistered
        {
            TenantId = TypedId.New<TenantId>(host.Clock),
            Country = "XQ",
            At = host.Clock.GetUtcNow(),
        };
        var id = TypedId.RandomGuid();
        (await ReadAsync(host)).Count.ShouldBe(0);

        counted.Fails = true;
        await PublishAsync(virtualHost.Tests, message, id);
        await Eventually.HoldsAsync(async () => (await ReadAsync(host)).Count == 1);
        // Looking changes nothing.
        var (_, queue) = await ReadAsync(host);

        var failed = queue.GetProperty("messages").EnumerateArray().ShouldHaveSingleItem();
        failed.GetProperty("messageId").GetGuid().ShouldBe(id);
        failed.GetProperty("type").GetString().ShouldBe("Identity:TenantRegistered");
        failed.GetProperty("faultType").GetString().ShouldBe("InvalidOperationException");
        failed.GetProperty("attempts").GetInt32().ShouldBe(4);
        failed.GetProperty("failedAt").GetDateTimeOffset().ShouldBe(TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(2));
        failed.EnumerateObject().Count().ShouldBe(5);
        queue.GetRawText().ShouldNotContain("canary");
        queue.GetRawText().ShouldNotContain("XQ");

        counted.Fails = false;
        var redriven = await host.CallAsync(HttpMethod.Post, $"/operators/error-queues/{Queue}/redrive");
        await Eventually.HoldsAsync(() => Task.FromResult(counted.Effects == 1));
        var again = await host.CallAsync(HttpMethod.Post, $"/operators/error-queues/{Queue}/redrive");

        (redriven.GetProperty("redriven").GetInt32(), redriven.GetProperty("remaining").GetInt32()).ShouldBe((1, 0));
        again.GetProperty("redriven").GetInt32().ShouldBe(0);
        (await ReadAsync(host)).Count.ShouldBe(0);

        // As after a crash between confirmation and acknowledgement: it comes a second time, and a marker behind it.
        await PublishAsync(virtualHost.Tests, message, id);
        await PublishAsync(virtualHost.Tests, message with { TenantId = TypedId.New<TenantId>(host.Clock) }, TypedId.RandomGuid());
        await Eventually.HoldsAsync(() => Task.FromResult(counted.Effects == 2));
        (await CountInboxAsync(host)).ShouldBe(2);
    }

    [Fact]
    public async Task A_redrive_is_bounded_and_what_fails_again_is_not_driven_in_a_circle()
    {
        await using var database = await servers.CreateDatabaseAsync("billing", "ServiceDefaults.Tests", Stop);
        await using var virtualHost = await servers.CreateVirtualHostAsync("ServiceDefaults.Tests", Stop);
        await using var host = await ServiceHost.StartAsync(database, virtualHost.Of("billing"));
        await host.WaitForBusAsync();
        host.Services.GetRequiredService<CountedTenants>().Fails = true;
        var message = new TenantRegistered
        {
            TenantId = TypedId.New<TenantId>(host.Clock),
            Country = "XQ",
            At = host.Clock.GetUtcNow(),
        };
        for (var i = 0; i < 3; i++)
            await PublishAsync(virtualHost.Tests, message, TypedId.RandomGuid());
        await Eventually.HoldsAsync(async () => (await ReadAsync(host)).Count == 3);

        var two = await host.CallAsync(HttpMethod.Post, $"/operators/error-queues/{Queue}/redrive?limit=2");

        (two.GetProperty("redriven").GetInt32(), two.GetProperty("remaining").GetInt32()).ShouldBe((2, 1));
        await Eventually.HoldsAsync(async () => (await ReadAsync(host)).Count == 3);
        (await ReadAsync(host, "?limit=1")).Queue.GetProperty("messages").GetArrayLength().ShouldBe(1);
        foreach (var limit in (int[])[0, 1_001])
        {
            using var refused = await ServiceHost.SendAsync(
                host.Management,
                HttpMethod.Post,
                $"/operators/error-queues/{Queue}/redrive?limit={limit}",
                host.OperatorToken()
            );
            ((int)refused.StatusCode).ShouldBe(400);
        }
    }

    private static async Task<(long Count, JsonElement Queue)> ReadAsync(ServiceHost host, string query = "")
    {
        var list = await host.CallAsync(HttpMethod.Get, "/operators/error-queues" + query);
        var queue = list.GetProperty("items").EnumerateArray().ShouldHaveSingleItem();
        queue.GetProperty("queue").GetString().ShouldBe(Queue);
        return (queue.GetProperty("count").GetInt64(), queue);
    }

    private static async Task<long> CountInboxAsync(ServiceHost host)
    {
        await using var command = host.Work.DataSource.CreateCommand("select count(*) from inbox");
        return (long)(await command.ExecuteScalarAsync(Stop))!;
    }

    private static async Task PublishAsync(Uri address, TenantRegistered message, Guid id)
    {
        var bus = Bus.Factory.CreateUsingRabbitMq(rabbit =>
            rabbit.Host(
                address,
                connection =>
                {
                    if (address.Scheme == "amqps")
                        connection.UseSsl(ssl => (ssl.Protocol, ssl.ServerName) = (Tls.Protocols, address.Host));
                }
            )
        );
        await bus.StartAsync(Stop);
        await bus.Publish(message, context => context.MessageId = id, Stop);
        await bus.StopAsync(Stop);
    }
}
