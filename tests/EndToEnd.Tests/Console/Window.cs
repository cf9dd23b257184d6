using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using WpAsis.EndToEnd.Tests.Browsing;
using WpAsis.EndToEnd.Tests.Businesses;

namespace WpAsis.EndToEnd.Tests.Console;

/// <summary>A person's window, and everything the browser complained of in it.</summary>
internal sealed class Window : IAsyncDisposable
{
    private readonly List<string> _complaints = [];

    private Window(IPage page)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _complaints.Add($"{page.Url}: {message.Text}");
        };
    }

    public IPage Page { get; }

    public static async Task<Window> OpenAsync(
        Chrome chrome,
        int width = 1280,
        string language = "en",
        bool scripts = true,
        bool dark = false
    ) => new(await chrome.OpenAsync(width, language, scripts, dark));

    /// <summary>Signs a business's account in and ends at the overview.</summary>
    public async Task SignInAsync(RunningSystem system, Business business)
    {
        await Page.GotoAsync(system.Run.Console + "/welcome");
        await Page.ClickAsync("main a.button");
        await Page.FillAsync("#email", business.Email);
        await Page.FillAsync("#password", business.Password);
        await Page.ClickAsync("main form button.button");
        await Page.ArriveAsync(system.Run.Console + "/");
    }

    /// <summary>Goes forward by the keyboard alone until an element is reached.</summary>
    public async Task TabToAsync(string selector)
    {
        const int Most = 20;
        for (var presses = 0; presses < Most; presses++)
        {
            await Page.Keyboard.PressAsync("Tab");
            if (await Page.Locator($"{selector}:focus").CountAsync() == 1)
                return;
        }
        throw new InvalidOperationException($"{Most} times Tab did not lead to {selector}.");
    }

    /// <summary>What axe finds, what is wider than the window, and what the browser said of this page.</summary>
    public async Task<IReadOnlyList<string>> FaultsAsync()
    {
        var found = await Page.RunAxe();
        var faults = found.Violations.Select(rule => $"{Page.Url}: {rule.Id}: {string.Join(" | ", rule.Nodes.Select(node => node.Html))}");
        var wide = await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        return [.. faults, .. _complaints, .. wide > 0 ? [$"{Page.Url}: {wide} px too wide"] : Array.Empty<string>()];
    }

    public ValueTask DisposeAsync() => new(Page.Context.CloseAsync());
}
