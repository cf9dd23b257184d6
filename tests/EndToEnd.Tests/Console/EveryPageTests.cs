using WpAsis.EndToEnd.Tests.Browsing;
using WpAsis.TestServers.Tiers;

namespace WpAsis.EndToEnd.Tests.Console;

/// <summary>The pages as people see them: two languages, from a phone to a desk, by day and by night.</summary>
public sealed class EveryPageTests(RunningSystem system, Chrome chrome)
{
    private static readonly string[] Paths =
    [
        "/",
        "/conversations",
        "/assistant",
        "/numbers",
        "/plan",
        "/my-data",
        "/my-data?erase=true",
        "/none",
    ];

    [Theory]
    [InlineData(360, "tr", true)]
    [InlineData(1280, "en", false)]
    public Task No_page_has_a_fault_that_a_machine_can_find(int width, string language, bool dark) =>
        SeekFaultsAsync(width, language, dark);

    [LongTheory("console")]
    [InlineData(360, "en", false)]
    [InlineData(1280, "tr", true)]
    public Task Nor_has_any_in_the_other_language(int width, string language, bool dark) => SeekFaultsAsync(width, language, dark);

    private async Task SeekFaultsAsync(int width, string language, bool dark)
    {
        await system.Demo.WriteAsync("905552100001", "hello there");
        await using var window = await Window.OpenAsync(chrome, width, language, dark: dark);
        var faults = new List<string>();
        foreach (var path in (string[])["/sign-in", "/sign-up", "/confirm?token=none", "/sign-out", "/signed-out"])
        {
            await window.Page.GotoAsync(system.Run.Services["identity"].Url + path);
            faults.AddRange(await window.FaultsAsync());
        }
        await window.Page.GotoAsync(system.Run.Services["data-subject-request"].Url + "/privacy");
        faults.AddRange(await window.FaultsAsync());
        await window.Page.GotoAsync(system.Run.Services["data-subject-request"].Url + "/privacy/requests/none");
        faults.AddRange(await window.FaultsAsync());
        await window.SignInAsync(system, system.Demo);
        foreach (var path in Paths)
        {
            await window.Page.GotoAsync(system.Run.Console + path);
            (await window.Page.GetAttributeAsync("html", "lang")).ShouldBe(language);
            faults.AddRange(await window.FaultsAsync());
        }
        await window.Page.GotoAsync(system.Run.Console + "/conversations");
        await window.Page.ClickAsync("a.row >> nth=0");
        faults.AddRange(await window.FaultsAsync());

        // The page that does not exist is meant to be missing.
        faults.Where(fault => !fault.Contains("404", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Fact]
    public async Task On_a_phone_the_menu_opens_by_keyboard_and_without_scripts()
    {
        await using var window = await Window.OpenAsync(chrome, 360, scripts: false);
        await window.SignInAsync(system, system.Demo);

        await window.Page.FocusAsync(".menu > summary");
        await window.Page.Keyboard.PressAsync("Enter");
        await window.Page.WaitForSelectorAsync(".menu[open] .nav");
        await window.TabToAsync(".menu a[href='/conversations']");
        await window.Page.Keyboard.PressAsync("Enter");
        await window.Page.ArriveAsync(system.Run.Console + "/conversations");

        (await window.Page.InnerTextAsync("h1")).ShouldBe("Conversations");
    }

    [Fact]
    public async Task Signing_out_ends_the_session_and_the_back_button_shows_nothing()
    {
        await using var window = await Window.OpenAsync(chrome);
        await window.SignInAsync(system, system.Demo);

        await window.Page.ClickAsync(".side .nav form button");
        await window.Page.ArriveAsync(system.Run.Console + "/welcome");
        await window.Page.GotoAsync(system.Run.Console + "/conversations");

        window.Page.Url.ShouldStartWith(system.Run.Console + "/welcome");
    }
}
