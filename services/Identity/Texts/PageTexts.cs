using System.Globalization;
using System.Resources;

namespace WpAsis.Identity.Texts;

/// <summary>The texts of pages and of answers (PageTexts.resx, PageTexts.tr.resx).</summary>
internal sealed class PageTexts
{
    private static readonly ResourceManager Resources = new(typeof(PageTexts));

    private PageTexts() { }

    /// <summary>The text as the API gives it, whoever calls.</summary>
    public static string English(string key) => Resources.GetString(key, CultureInfo.InvariantCulture) ?? key;
}
