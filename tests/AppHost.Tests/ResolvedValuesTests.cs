using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace WpAsis.AppHost.Tests;

/// <summary>What the expressions become when the endpoints have their ports and the parameters their values.</summary>
public sealed class ResolvedValuesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connection_strings_and_addresses_are_understood_by_those_who_read_them()
    {
        var model = await RunningAsync();
        foreach (var service in Topology.Services)
        {
            var environment = await ResolveAsync(model, service.Name);
            foreach (var role in new[] { "app", "work", "log" }.Where(_ => service.HasDatabase))
            {
                var login = new NpgsqlConnectionStringBuilder(environment[$"ConnectionStrings__{service.ConnectionName(role)}"]);
                login.Host.ShouldBe("localhost");
                login.Database.ShouldBe(service.Database);
                login.Username.ShouldBe(service.Role(role));
                login.Password.ShouldBe($"value-of-{service.Name}-{role}-password");
            }
            if (service.UsesBus)
            {
                var bus = new Uri(environment["ConnectionStrings__rabbitmq"]);
                bus.UserInfo.ShouldBe($"{service.Name}:value-of-{service.Name}-bus-password");
                bus.AbsolutePath.ShouldBe("/wpasis");
            }
            foreach (var callee in service.Calls.Select(Topology.Service))
                environment[$"services__{callee.Name}__https__0"].ShouldBe(Local(callee.PortOffset));
            environment["Auth__Authority"].ShouldBe(Local(Topology.Service("identity").PortOffset));
        }
    }

    [Fact]
    public async Task On_a_developers_machine_the_providers_are_the_sandbox()
    {
        var model = await RunningAsync();
        var sandbox = Local(Topology.SandboxOffset);
        var gateway = await ResolveAsync(model, "messaging-gateway");
        gateway["WhatsApp__GraphUrl"].ShouldBe(sandbox + "/graph/v26.0");
        var responder = await ResolveAsync(model, "ai-responder");
        responder["Model__Provider"].ShouldBe("openai");
        responder["Model__Endpoint"].ShouldBe(sandbox + "/openai/v1");
        var billing = await ResolveAsync(model, "billing");
        billing["Stripe__Url"].ShouldBe(Local(Topology.StripeSandboxOffset));
        billing["Stripe__ApiKey"].ShouldStartWith("sk_test_");
        var identity = await ResolveAsync(model, "identity");
        identity["Mail__Host"].ShouldBe("localhost");
        identity["Mail__Port"].ShouldBe($"{Topology.DefaultBasePort + Topology.MailRelayOffset}");
        identity["Clients__sandbox__RedirectUri"].ShouldBe(sandbox + "/callback");

        var told = await ResolveAsync(model, "sandbox");
        told["Sandbox__AppSecret"].ShouldBe(gateway["WhatsApp__AppSecrets__0"]);
        told["Sandbox__VerifyToken"].ShouldBe(gateway["WhatsApp__VerifyToken"]);
        told["Sandbox__Stripe__Port"].ShouldBe($"{Topology.DefaultBasePort + Topology.StripeSandboxOffset}");
        told["Sandbox__Stripe__Key"].ShouldBe(billing["Stripe__ApiKey"]);
        told["Sandbox__Stripe__WebhookSecret"].ShouldBe(billing["Stripe__WebhookSecrets__0"]);
        told["Sandbox__Stripe__WebhookUrls__0"].ShouldBe(Local(Topology.Service("billing").PortOffset) + "/webhooks/stripe");
        told["Sandbox__WebhookUrls__0"].ShouldBe(Local(Topology.Service("messaging-gateway").PortOffset) + "/webhooks/whatsapp");
    }

    [Fact]
    public async Task Setup_is_told_the_passwords_that_the_services_use()
    {
        var model = await RunningAsync();
        var setup = await ResolveAsync(model, "setup");
        new NpgsqlConnectionStringBuilder(setup["ConnectionStrings__postgres"]).Username.ShouldBe("postgres");
        new Uri(setup["ConnectionStrings__bus-management"]).UserInfo.ShouldBe("guest:value-of-rabbitmq-password");
        foreach (var service in Topology.Services.Where(service => service.HasDatabase))
        {
            var environment = await ResolveAsync(model, service.Name);
            foreach (var role in new[] { "app", "work", "log" })
            {
                var name = $"ConnectionStrings__{service.ConnectionName(role)}";
                setup[name].ShouldBe(environment[name]);
            }
            setup[$"ConnectionStrings__{service.Name}-bus"].ShouldBe(environment["ConnectionStrings__rabbitmq"]);
        }
    }

    private static string Local(int offset) => $"https://localhost:{Topology.DefaultBasePort + offset}";

    private static async Task<Model> RunningAsync()
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(Stop);
        // The servers' own passwords become resources later; without a value here one would be made and kept.
        var parameters = builder.Resources.OfType<ParameterResource>().Select(parameter => parameter.Name);
        builder.Configuration.AddInMemoryCollection(
            parameters
                .Concat(["postgres-password", "rabbitmq-password"])
                .Select(name => KeyValuePair.Create($"Parameters:{name}", (string?)$"value-of-{name}"))
        );
        foreach (var endpoint in builder.Resources.SelectMany(resource => resource.Annotations.OfType<EndpointAnnotation>()))
            endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "localhost", endpoint.Port ?? 1, targetPortExpression: "1");
        return new Model(await builder.BuildAsync(Stop));
    }

    private static async Task<Dictionary<string, string>> ResolveAsync(Model model, string name)
    {
        var resolved = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (variable, value) in await model.ValuesOfAsync(name))
        {
            var text = value is IValueProvider provider ? await provider.GetValueAsync(Stop) : value.ToString();
            resolved[variable] = text ?? "";
        }
        return resolved;
    }
}
