using System.Net;
using System.Text;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using WpAsis.Billing.Data;
using WpAsis.Billing.Tests.Stripe;
using WpAsis.TestServers;

namespace WpAsis.Billing.Tests;

/// <summary>One process of billing, hosted in memory. Identity is a stub that has revoked nothing.</summary>
internal sealed class Replica(TestDatabase database, Uri bus, StripeSandbox stripe, string keys, string? work = null)
    : WebApplicationFactory<BillingDbContext>
{
    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.UseSetting("ConnectionStrings:billing-db", database.App);
        builder.UseSetting("ConnectionStrings:billing-db-work", work ?? database.Work);
        builder.UseSetting("ConnectionStrings:billing-db-log", database.Log);
        builder.UseSetting("ConnectionStrings:rabbitmq", bus.AbsoluteUri);
        stripe.Configure(builder);
        builder.UseSetting("Auth:Authority", Tokens.Issuer);
        builder.UseSetting("Auth:ClientSecret", "of the tests");
        builder.UseSetting("KeyRings:Own", keys);
        builder.ConfigureLogging(logs => logs.SetMinimumLevel(LogLevel.Warning));
        builder.ConfigureTestServices(services =>
        {
            foreach (var client in (string[])["identity", "issuer"])
                services.AddHttpClient(client).ConfigurePrimaryHttpMessageHandler(() => new IdentityStub());
            stripe.Connect(services);
            services.PostConfigureAll<JwtBearerOptions>(options =>
            {
                var issuer = new OpenIdConnectConfiguration { Issuer = Tokens.Issuer };
                issuer.SigningKeys.Add(Tokens.Key);
                options.ConfigurationManager = new StaticConfigurationManager<OpenIdConnectConfiguration>(issuer);
                options.TokenValidationParameters.ValidIssuer = Tokens.Issuer;
            });
        });
    }

    private sealed class IdentityStub : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = request.RequestUri!.AbsolutePath switch
            {
                "/connect/token" => """{"access_token":"x","expires_in":600}""",
                "/internal/revoked-sessions" => """{"items":[]}""",
                var path => throw new InvalidOperationException($"Nobody should ask identity for {path}."),
            };
            return Task.FromResult(
                new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body, Encoding.UTF8, "application/json") }
            );
        }
    }
}
