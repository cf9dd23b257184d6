using Microsoft.AspNetCore.Razor.TagHelpers;

namespace WpAsis.Web.TagHelpers;

/// <summary>A sign from icons.svg: <c>&lt;icon name="chat" /&gt;</c>. It says nothing to a screen reader: words stand beside it.</summary>
public sealed class IconTagHelper : TagHelper
{
    /// <summary>Its id in icons.svg.</summary>
    public string Name { get; set; } = "";

    /// <inheritdoc />
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "svg";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "icon");
        output.Attributes.SetAttribute("aria-hidden", "true");
        output.Attributes.SetAttribute("focusable", "false");
        output.Content.SetHtmlContent($"<use href=\"/_content/WpAsis.Web/icons.svg#{Uri.EscapeDataString(Name)}\"></use>");
    }
}
