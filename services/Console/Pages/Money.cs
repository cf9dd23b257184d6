using System.Globalization;

namespace WpAsis.Console.Pages;

/// <summary>Money as a reader writes it; it comes as minor units.</summary>
internal static class Money
{
    // Stripe's currencies without minor units that a business of ours may pay in.
    private static readonly HashSet<string> Whole = new(StringComparer.OrdinalIgnoreCase) { "jpy", "krw", "clp", "vnd" };

    private static readonly Dictionary<string, string> Signs = new(StringComparer.OrdinalIgnoreCase)
    {
        ["try"] = "₺",
        ["eur"] = "€",
        ["usd"] = "$",
        ["gbp"] = "£",
    };

    /// <summary>For example <c>₺1,490.00</c> or <c>₺1.490,00</c>; a currency without a sign of its own stands behind the number.</summary>
    public static string Text(long minor, string currency)
    {
        var amount = Whole.Contains(currency)
            ? minor.ToString("N0", CultureInfo.CurrentCulture)
            : (minor / 100m).ToString("N2", CultureInfo.CurrentCulture);
        return Signs.TryGetValue(currency, out var sign) ? sign + amount : $"{amount} {currency.ToUpperInvariant()}";
    }
}
