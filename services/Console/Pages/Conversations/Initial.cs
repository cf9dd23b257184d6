using System.Globalization;

namespace WpAsis.Console.Pages.Conversations;

/// <summary>The first letter of a name, for the sign beside it.</summary>
internal static class Initial
{
    public static string Of(string? name) =>
        string.IsNullOrWhiteSpace(name) ? "·" : StringInfo.GetNextTextElement(name.Trim()).ToUpper(CultureInfo.CurrentUICulture);
}
