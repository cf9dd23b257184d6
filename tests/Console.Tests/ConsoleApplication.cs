using System.Net.Http.Headers;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WpAsis.Console.Apis;
using WpAsis.Console.SignIn;

namespace WpAsis.Console.Tests;

/// <summary>The console in memory, in front of APIs that a test scripts.</summary>
internal sealed class ConsoleApplication : WebApplicationFactory<UserTokenHandler>
{
    public const string Tenant = "tnt_019abc00000070008000000000000001";
    private readonly string _keys = Directory.CreateTempSubdirectory("console-keys-").FullName;

    /// <summary>What the APIs answer.</summary>
    public StubApis Apis { get; } = new();

    /// <summary>A browser that follows nothing by itself.</summary>
    public Browser Open(string? role = "owner", string language = "en", DateTimeOffset? tokenExpires = null)
    {
        var client = CreateClient(
            new WebApplicationFactoryClientOptions { BaseAddress = new Uri("https://localhost"), AllowAutoRedirect = false }
        );
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));
        if (role is not null)
            client.DefaultRequestHeaders.Add("Cookie", CookieOf(role, tokenExpires));
        return new Browser(client);
    }

    /// <summary>The cookie that the console gives a person who has signed in.</summary>
    public string CookieOf(string role, DateTimeOffset? tokenExpires = null)
    {
        var identity = new ClaimsIdentity("identity", "sub", "role");
        identity.AddClaims([new("sub", "acc_1"), new("sid", "ses_1"), new("role", role)]);
        var properties = new AuthenticationProperties();
        properties.StoreTokens(
            UserTokens.From("access", "refresh", "id", tokenExpires ?? DateTimeOffset.MaxValue.AddDays(-1), TimeProvider.System)
        );
        var scheme = CookieAuthenticationDefaults.AuthenticationScheme;
        var options = Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(scheme);
        var ticket = new AuthenticationTicket(new ClaimsPrincipal(identity), properties, scheme);
        return $"{options.Cookie.Name}={options.TicketDataFormat.Protect(ticket)}";
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Development");
        builder.UseSetting("KeyRings:Own", _keys);
        builder.UseSetting("Auth:Authority", "https://identity.test");
        builder.UseSetting("Auth:ClientSecret", "a secret of the tests");
        builder.ConfigureLogging(logging => logging.ClearProviders());
        builder.ConfigureTestServices(services =>
            services.ConfigureAll<HttpClientFactoryOptions>(options =>
                options.HttpMessageHandlerBuilderActions.Add(client => client.AdditionalHandlers.Add(Apis.Handler()))
            )
        );
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_keys, recursive: true);
    }
}
