using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace WpAsis.EndToEnd.Tests.Browsing;

/// <summary>Waits until a page is somewhere.</summary>
internal static class Arrival
{
    private static float Limit => (float)Chrome.Patience.TotalMilliseconds;

    /// <summary>
    /// Asks the browser again and again. WaitForURL looks once and then listens: what happens between the two, on a busy machine, it
    /// waits for until its limit.
    /// </summary>
    public static Task ArriveAsync(this IPage page, string url) => Assertions.Expect(page).ToHaveURLAsync(url, new() { Timeout = Limit });

    /// <summary>At an address that begins with this one.</summary>
    public static Task ArriveBelowAsync(this IPage page, string url) =>
        Assertions
            .Expect(page)
            .ToHaveURLAsync(new Regex("^" + Regex.Escape(url), RegexOptions.None, TimeSpan.FromSeconds(1)), new() { Timeout = Limit });
}
