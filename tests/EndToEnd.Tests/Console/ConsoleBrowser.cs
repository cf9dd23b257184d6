using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using WpAsis.TestServers;

namespace WpAsis.EndToEnd.Tests.Console;

/// <summary>Debian's browser, for all tests of the console.</summary>
public sealed class ConsoleBrowser : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        await Chromium.EnsureAsync(TestContext.Current.CancellationToken);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium.Path, Args = ["--no-sandbox"] });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    /// <summary>A person's window.</summary>
    public async Task<Window> OpenAsync(int width = 1280, string language = "en", bool scripts = true, bool dark = false)
    {
        var context = await _browser!.NewContextAsync(
            new()
            {
                IgnoreHTTPSErrors = true,
                ViewportSize = new() { Width = width, Height = 800 },
                Locale = language,
                JavaScriptEnabled = scripts,
                ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            }
        );
        return new Window(context, await context.NewPageAsync());
    }
}

/// <summary>A window with one page, and everything the browser complained of.</summary>
public sealed class Window : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];

    internal Window(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _complaints.Add($"{page.Url}: {message.Text}");
        };
    }

    public IPage Page { get; }

    /// <summary>Signs the demonstration account in and ends at the overview.</summary>
    public async Task SignInAsync(RunningSystem system)
    {
        await Page.GotoAsync(system.Run.Console + "/welcome");
        await Page.ClickAsync("main a.button");
        await Page.FillAsync("#email", system.Run.Demo.Email);
        await Page.FillAsync("#password", system.Run.Demo.Password);
        await Page.ClickAsync("main form button.button");
        await Page.WaitForURLAsync(system.Run.Console + "/");
    }

    /// <summary>What axe finds, what is wider than the window, and what the browser said of this page.</summary>
    public async Task<IReadOnlyList<string>> FaultsAsync()
    {
        var found = await Page.RunAxe();
        var faults = found.Violations.Select(rule => $"{Page.Url}: {rule.Id}: {string.Join(" | ", rule.Nodes.Select(node => node.Html))}");
        var wide = await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        return [.. faults, .. _complaints, .. wide > 0 ? [$"{Page.Url}: {wide} px too wide"] : Array.Empty<string>()];
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();
}
