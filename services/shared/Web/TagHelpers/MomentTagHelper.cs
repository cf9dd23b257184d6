using System.Globalization;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace WpAsis.Web.TagHelpers;

/// <summary>
/// An instant: <c>&lt;moment at="…" /&gt;</c>. The server knows no reader's time zone, so it writes UTC and says so; where scripts run,
/// local-time.js writes it anew in the reader's own.
/// </summary>
public sealed class MomentTagHelper : TagHelper
{
    /// <summary>When.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary><c>full</c> (day and time), <c>day</c> or <c>time</c>.</summary>
    public string Show { get; set; } = "full";

    /// <inheritdoc />
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var at = At.ToUniversalTime();
        output.TagName = "time";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("datetime", at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        output.Attributes.SetAttribute("data-show", Show);
        output.Content.SetContent(
            Show switch
            {
                "day" => at.ToString("d MMMM yyyy", CultureInfo.CurrentCulture),
                "time" => at.ToString("HH:mm 'UTC'", CultureInfo.CurrentCulture),
                _ => at.ToString("d MMM yyyy HH:mm 'UTC'", CultureInfo.CurrentCulture),
            }
        );
    }
}
