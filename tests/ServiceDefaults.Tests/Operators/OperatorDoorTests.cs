using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using WpAsis.TestServers;

namespace WpAsis.ServiceDefaults.Tests.Operators;

public sealed class OperatorDoorTests(SharedServers servers)
{
    private static readonly Uri NoBus = new("amqps://nobody:nothing@localhost:1/none");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_command_answers_on_the_management_port_only_and_to_operators_only()
    {
        await using var database = await servers.CreateDatabaseAsync("billing", "ServiceDefaults.Tests", Stop);
        await using var host = await ServiceHost.StartAsync(database, NoBus);
        var commands = host
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/operators", StringComparison.Ordinal))
            .Select(endpoint =>
                (
                    Path: endpoint.RoutePattern.RawText!.Replace("{queue}", "none_error", StringComparison.Ordinal),
                    Method: new HttpMethod(endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods[0])
                )
            )
            .ToList();

        commands
            .Select(command => $"{command.Method} {command.Path}")
            .ShouldBe(
                [
                    "GET /operators/error-queues",
                    "POST /operators/error-queues/none_error/redrive",
                    "GET /operators/outbox",
                    "POST /operators/retention/run",
                    "GET /operators/timers",
                ],
                ignoreOrder: true
            );
        foreach (var (path, method) in commands)
        {
            await ExpectAsync(host.Public, host.OperatorToken(), HttpStatusCode.NotFound);
            await ExpectAsync(host.Management, null, HttpStatusCode.Unauthorized);
            foreach (var audience in (string[])["billing", "identity", "messaging-gateway"])
                await ExpectAsync(host.Management, host.OperatorToken(audience), HttpStatusCode.Unauthorized);
            await ExpectAsync(host.Management, Host.Token(), HttpStatusCode.Unauthorized);
            await ExpectAsync(host.Management, host.OperatorToken(service: "billing"), HttpStatusCode.Forbidden);
            await ExpectAsync(host.Management, Host.Token(token => token.Audience = "operators"), HttpStatusCode.Forbidden);

            async Task ExpectAsync(HttpClient client, string? token, HttpStatusCode status)
            {
                using var response = await ServiceHost.SendAsync(client, method, path, token);
                response.StatusCode.ShouldBe(status, $"{method} {path}");
            }
        }
    }

    [Fact]
    public async Task An_operators_token_opens_nothing_else_and_ends_after_ten_minutes()
    {
        await using var database = await servers.CreateDatabaseAsync("billing", "ServiceDefaults.Tests", Stop);
        await using var host = await ServiceHost.StartAsync(database, NoBus);
        var token = host.OperatorToken();

        using var opened = await ServiceHost.SendAsync(host.Public, HttpMethod.Get, "/", token);
        using var command = await ServiceHost.SendAsync(host.Management, HttpMethod.Get, "/operators/timers", token);
        host.Clock.MoveTo(TimeSpan.FromMinutes(11));
        using var late = await ServiceHost.SendAsync(host.Management, HttpMethod.Get, "/operators/timers", token);

        opened.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        command.StatusCode.ShouldBe(HttpStatusCode.OK);
        late.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Every_call_leaves_a_record_of_who_and_what_a_refused_one_too()
    {
        await using var database = await servers.CreateDatabaseAsync("billing", "ServiceDefaults.Tests", Stop);
        await using var host = await ServiceHost.StartAsync(database, NoBus);

        await host.CallAsync(HttpMethod.Get, "/operators/outbox");
        using var refused = await ServiceHost.SendAsync(host.Management, HttpMethod.Get, "/operators/outbox?canary=a@b.example", null);
        using var unknown = await ServiceHost.SendAsync(
            host.Management,
            HttpMethod.Post,
            "/operators/error-queues/905550000001_error/redrive",
            host.OperatorToken()
        );

        unknown.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        unknown.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        host.Logs.Lines.ShouldContain(line => line == "Operator operators called GET /operators/outbox: 200");
        host.Logs.Lines.ShouldContain(line => line == "Operator nobody called GET /operators/outbox: 401");
        host.Logs.Lines.ShouldContain(line => line == "Operator operators called POST /operators/error-queues/{queue}/redrive: 404");
        host.Logs.Lines.ShouldAllBe(line => !line.Contains("905550000001") && !line.Contains("a@b.example"));
    }

    [Fact]
    public async Task While_the_bus_is_away_its_commands_say_so_and_the_others_go_on()
    {
        await using var database = await servers.CreateDatabaseAsync("billing", "ServiceDefaults.Tests", Stop);
        await using var host = await ServiceHost.StartAsync(database, NoBus);

        using var queues = await ServiceHost.SendAsync(host.Management, HttpMethod.Get, "/operators/error-queues", host.OperatorToken());

        queues.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await queues.Content.ReadAsStringAsync(Stop)).ShouldContain("/problems/bus-away");
        (await host.CallAsync(HttpMethod.Get, "/operators/outbox")).GetProperty("backlog").GetInt64().ShouldBe(0);
    }
}
