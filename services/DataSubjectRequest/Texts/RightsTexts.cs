namespace WpAsis.DataSubjectRequest.Texts;

/// <summary>The texts of the pages (RightsTexts.resx, RightsTexts.tr.resx).</summary>
internal sealed class RightsTexts
{
    private RightsTexts() { }
}
