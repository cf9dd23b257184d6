using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;

namespace WpAsis.ServiceDefaults.Tests.Security;

public sealed class TransportSecurityTests
{
    private const string Database = "ConnectionStrings:billing-db";
    private const string Bus = "ConnectionStrings:rabbitmq";

    private static readonly Dictionary<string, string?> Strong = new(StringComparer.Ordinal)
    {
        [Database] = "Host=postgres;Username=billing_app;Password=hidden;SSL Mode=VerifyFull",
        [Bus] = "amqps://billing:hidden@rabbitmq:5671/wpasis",
        ["Auth:Authority"] = "https://id.example.com",
        ["URLS"] = "https://+:8443;https://+:9443",
        ["services:identity:https:0"] = "https://identity:8443",
    };

    [Fact]
    public void In_production_it_starts_where_every_hop_is_verified() => Should.NotThrow(() => Start("Production", Strong));

    [Theory]
    [InlineData(Database, "Host=postgres;Username=billing_app;Password=hidden;SSL Mode=Require")]
    [InlineData(Database, "Host=postgres;Username=billing_app;Password=hidden")]
    [InlineData(Bus, "amqp://billing:hidden@rabbitmq:5672/wpasis")]
    [InlineData("Auth:Authority", "http://id.example.com")]
    [InlineData("URLS", "https://+:8443;http://+:8080")]
    [InlineData("URLS", null)]
    [InlineData("services:identity:https:0", "http://identity:8080")]
    public void In_production_it_does_not_start_with_a_weaker_hop_and_does_not_print_the_password(string name, string? value)
    {
        var settings = new Dictionary<string, string?>(Strong, StringComparer.Ordinal) { [name] = value };
        var refused = Should.Throw<InvalidOperationException>(() => Start("Production", settings));
        refused.Message.ShouldContain(name.Split(":0")[0]);
        refused.Message.ShouldNotContain("hidden");
        Should.NotThrow(() => Start("Development", settings));
    }

    private static void Start(string environment, Dictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddServiceDefaults("billing");
    }
}
