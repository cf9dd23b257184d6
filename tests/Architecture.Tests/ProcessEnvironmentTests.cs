using WpAsis.AppHost;

namespace WpAsis.Architecture.Tests;

/// <summary>Native and AppHost both fill in what <see cref="ProcessEnvironment{TValue}"/> names: what holds here holds for both.</summary>
public sealed class ProcessEnvironmentTests
{
    private static readonly Described Environment = new();

    [Fact]
    public void Nobody_but_setup_is_told_of_an_owner_or_a_superuser()
    {
        foreach (var service in Topology.Services)
        {
            var values = Environment.SettingsOf(service).Values;
            values.ShouldNotContain(value => value.EndsWith(":owner", StringComparison.Ordinal), service.Name);
            values.ShouldNotContain(value => value.StartsWith("administrator", StringComparison.Ordinal), service.Name);
        }
        Environment.SettingsOfSetup().Values.ShouldContain(value => value.EndsWith(":owner", StringComparison.Ordinal));
    }

    [Fact]
    public void Nobody_is_told_of_anothers_database_bus_user_or_ring()
    {
        foreach (var service in Topology.Services)
        {
            var told = Environment
                .SettingsOf(service)
                .Values.Where(value => value.StartsWith("own:", StringComparison.Ordinal))
                .Select(value => value.Split(':')[1])
                .Distinct(StringComparer.Ordinal);
            string[] allowed = service.ReadsContent ? [service.Name, Topology.ContentRing] : [service.Name];
            told.ShouldBe(allowed, ignoreOrder: true);
        }
    }

    [Fact]
    public void Only_identity_knows_the_secrets_of_all_clients()
    {
        foreach (var service in Topology.Services)
        {
            var secrets = Environment
                .SettingsOf(service)
                .Values.Where(value => value.StartsWith("secret:", StringComparison.Ordinal))
                .Distinct(StringComparer.Ordinal)
                .ToList();
            if (service.Name == "identity")
                secrets.Count.ShouldBe(Topology.Services.Count + 1);
            else
                secrets.ShouldBe([$"secret:{service.Name}"]);
        }
    }

    [Fact]
    public void Every_parameter_of_a_service_reaches_it_and_whom_it_calls_it_finds()
    {
        foreach (var service in Topology.Services)
        {
            var settings = Environment.SettingsOf(service);
            foreach (var parameter in service.Parameters)
                settings[parameter.Variable].ShouldBe($"parameter:{parameter.Name}");
            settings
                .Keys.Where(name => name.StartsWith("services__", StringComparison.Ordinal))
                .ShouldBe(service.Calls.SelectMany(callee => new[] { $"services__{callee}__https__0", $"services__{callee}__https__1" }));
        }
    }

    [Fact]
    public void The_sandbox_signs_with_what_the_services_verify_with_and_posts_to_each_replica_of_them()
    {
        var told = Environment.SettingsOfSandbox(
            new()
            {
                MailPort = "mail",
                StripePort = "stripe",
                RunFile = "run.json",
                PhoneNumberId = "number",
                WabaId = "account",
                DisplayPhoneNumber = "display",
                AccessToken = "token",
                VerifiedName = "name",
            }
        );
        var gateway = Environment.SettingsOf(Topology.Service("messaging-gateway"));
        told["Sandbox__AppSecret"].ShouldBe(gateway[Parameters.WhatsAppAppSecret.Variable]);
        told["Sandbox__VerifyToken"].ShouldBe(gateway[Parameters.WhatsAppVerifyToken.Variable]);
        var billing = Environment.SettingsOf(Topology.Service("billing"));
        told["Sandbox__Stripe__Key"].ShouldBe(billing[Parameters.StripeKey.Variable]);
        told["Sandbox__Stripe__WebhookSecret"].ShouldBe(billing[Parameters.StripeWebhookSecret.Variable]);
        told["Sandbox__WebhookUrls__1"].ShouldBe("second replica/webhooks/whatsapp");
        told["Sandbox__Stripe__WebhookUrls__1"].ShouldBe("second replica/webhooks/stripe");
    }

    private sealed class Described : ProcessEnvironment<string>
    {
        protected override string Superuser => "administrator of PostgreSQL";

        protected override string BusManagement => "administrator of RabbitMQ";

        protected override string? SandboxCallback => null;

        protected override string PublicAddress(ServiceNode service) => $"public:{service.Name}";

        protected override IEnumerable<string> Addresses(ServiceNode service, string path) =>
            ["first replica" + path, "second replica" + path];

        protected override string Database(ServiceNode service, string role) => $"own:{service.Name}:database:{role}";

        protected override string Bus(ServiceNode service) => $"own:{service.Name}:bus";

        protected override string KeyRing(string ring) => $"own:{ring}:ring";

        protected override string ClientSecret(string client) => $"secret:{client}";

        protected override string Value(Parameter parameter) => $"parameter:{parameter.Name}";
    }
}
