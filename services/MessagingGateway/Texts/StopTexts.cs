using System.Globalization;
using System.Resources;

namespace WpAsis.MessagingGateway.Texts;

/// <summary>The gateway's own words to contacts (StopTexts.resx, StopTexts.tr.resx).</summary>
internal static class StopTexts
{
    private static readonly ResourceManager Resources = new(typeof(StopTexts));

    public static string Confirmation(CultureInfo language) =>
        Resources.GetString("Confirmation", language) ?? throw new InvalidOperationException("The text is missing.");
}
