using System.Globalization;
using System.Resources;

namespace WpAsis.Identity.Texts;

/// <summary>The texts of mails (NoticeTexts.resx, NoticeTexts.tr.resx).</summary>
internal static class NoticeTexts
{
    private static readonly ResourceManager Resources = new(typeof(NoticeTexts));

    public static string Get(string key, CultureInfo culture) =>
        Resources.GetString(key, culture) ?? throw new InvalidOperationException($"There is no text {key}.");
}
