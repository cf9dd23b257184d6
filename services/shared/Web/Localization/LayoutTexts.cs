namespace WpAsis.Web.Localization;

/// <summary>Names the resource files with the layout's texts (LayoutTexts.resx, LayoutTexts.tr.resx).</summary>
public sealed class LayoutTexts;
