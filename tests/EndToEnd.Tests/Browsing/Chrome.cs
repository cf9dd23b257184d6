using Microsoft.Playwright;
using WpAsis.AppHost.Native;
using WpAsis.TestServers;

namespace WpAsis.EndToEnd.Tests.Browsing;

/// <summary>Debian's browser, started by the first test that opens a page.</summary>
public sealed class Chrome : IAsyncLifetime
{
    /// <summary>So long a page is waited for, whatever it is to show.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1.5);

    private static readonly string Screens = Path.Combine(RepositoryRoot.Find(), ".local", "test", "screens");
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A page of a browser that nobody used before.</summary>
    /// <param name="width">In CSS pixels.</param>
    /// <param name="language">What the person reads.</param>
    /// <param name="scripts">Whether the page's scripts run.</param>
    /// <param name="dark">Whether it is night.</param>
    public async Task<IPage> OpenAsync(int width = 1280, string language = "en-US", bool scripts = true, bool dark = false)
    {
        if (_browser is null)
        {
            await Chromium.EnsureAsync(TestContext.Current.CancellationToken);
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium.Path, Args = ["--no-sandbox"] });
        }
        var context = await _browser.NewContextAsync(
            new()
            {
                // The browser keeps authorities of its own and knows nothing of the local one.
                IgnoreHTTPSErrors = true,
                Locale = language,
                JavaScriptEnabled = scripts,
                ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
                ViewportSize = new() { Width = width, Height = 900 },
            }
        );
        context.SetDefaultTimeout((float)Patience.TotalMilliseconds);
        return await context.NewPageAsync();
    }

    /// <summary>Keeps a picture of a page, to be looked at.</summary>
    public static Task KeepAsync(IPage page, string name)
    {
        Directory.CreateDirectory(Screens);
        return page.ScreenshotAsync(new() { Path = Path.Combine(Screens, name + ".png"), FullPage = true });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
