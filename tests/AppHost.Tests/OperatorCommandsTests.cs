// As in AppHost.
#pragma warning disable ASPIREINTERACTION001

using System.Net;
using System.Net.Http.Json;
using Aspire.Hosting.ApplicationModel;
using WpAsis.AppHost.Hosting;

namespace WpAsis.AppHost.Tests;

public sealed class OperatorCommandsTests
{
    private static readonly string[] OfEveryService = ["error-queues", "redrive", "outbox", "timers", "retention"];
    private static readonly string[] OfGateway = ["quarantine", "replay", "pause", "resume"];

    [Fact]
    public async Task Every_service_with_data_has_the_operators_commands_and_the_gateway_its_own()
    {
        var model = await Model.RunAsync();
        foreach (var service in Topology.Services)
        {
            string[] wanted = service.HasDatabase ? OfEveryService : [];
            var commands = model.Find(service.Name).Annotations.OfType<ResourceCommandAnnotation>().Select(command => command.Name);
            commands
                .Intersect(OfEveryService.Concat(OfGateway), StringComparer.Ordinal)
                .ShouldBe(
                    service.Name == "messaging-gateway" ? [.. wanted, .. OfGateway] : wanted,
                    StringComparer.Ordinal,
                    ignoreOrder: true
                );
        }
    }

    [Fact]
    public async Task What_changes_something_asks_first()
    {
        var model = await Model.RunAsync();
        var commands = model
            .Find("messaging-gateway")
            .Annotations.OfType<ResourceCommandAnnotation>()
            .ToDictionary(command => command.Name, StringComparer.Ordinal);
        foreach (var name in new[] { "redrive", "retention", "replay", "pause" })
            commands[name].ConfirmationMessage.ShouldNotBeNullOrEmpty(name);
        foreach (var name in new[] { "redrive", "pause", "resume" })
            commands[name].Arguments.ShouldHaveSingleItem(name).Required.ShouldBeTrue();
    }

    [Fact]
    public async Task A_command_carries_a_token_that_identity_gave_for_the_operators_audience()
    {
        using var issuer = new Issuer();
        using var client = new HttpClient(issuer);
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://localhost/operators/outbox");
        var identity = Allocated("identity", 7101);
        var secret = new ParameterResource("operators-client-secret", _ => "the-secret", secret: true);

        await new OperatorToken(identity, secret).SignAsync(
            new HttpCommandRequestContext
            {
                Services = new ServiceContainer(),
                ResourceName = "billing",
                Endpoint = identity,
                HttpClient = client,
                Request = request,
                CancellationToken = TestContext.Current.CancellationToken,
            }
        );

        issuer.Asked.ShouldBe("https://localhost:7101/connect/token");
        issuer.Form.ShouldBe("grant_type=client_credentials&client_id=operators&client_secret=the-secret&scope=operators");
        request.Headers.Authorization!.ToString().ShouldBe("Bearer a-token");
    }

    private static EndpointReference Allocated(string name, int port)
    {
        var resource = new ProjectResource(name);
        var endpoint = new EndpointAnnotation(System.Net.Sockets.ProtocolType.Tcp, uriScheme: "https", name: "https");
        endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "localhost", port);
        resource.Annotations.Add(endpoint);
        return new EndpointReference(resource, endpoint);
    }

    private sealed class Issuer : HttpMessageHandler
    {
        public string? Asked { get; private set; }

        public string? Form { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked = request.RequestUri!.AbsoluteUri;
            Form = await request.Content!.ReadAsStringAsync(cancellationToken);
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = JsonContent.Create(new { access_token = "a-token" }) };
        }
    }

    private sealed class ServiceContainer : IServiceProvider
    {
        public object? GetService(Type serviceType) => null;
    }
}
