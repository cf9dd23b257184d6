using System.Net;
using System.Text.RegularExpressions;

namespace WpAsis.Sandbox.Phone;

/// <summary>The one form of a page that asks for a password, with the hidden fields that must be sent back.</summary>
internal sealed partial record HtmlForm(string? Action, IReadOnlyDictionary<string, string> Hidden)
{
    public static HtmlForm? WithPassword(string html)
    {
        foreach (Match form in Form().Matches(html))
        {
            var inputs = Input().Matches(form.Groups["body"].Value).Select(input => Attributes(input.Value)).ToList();
            if (!inputs.Exists(input => input.GetValueOrDefault("name") == "password"))
                continue;
            var hidden = inputs
                .Where(input => input.GetValueOrDefault("type") == "hidden" && input.GetValueOrDefault("name") is { Length: > 0 })
                .GroupBy(input => input["name"], StringComparer.Ordinal)
                .ToDictionary(same => same.Key, same => same.First().GetValueOrDefault("value") ?? "", StringComparer.Ordinal);
            return new HtmlForm(Attributes(form.Groups["tag"].Value).GetValueOrDefault("action"), hidden);
        }
        return null;
    }

    public Dictionary<string, string> Fill(string email, string password) =>
        new(Hidden, StringComparer.Ordinal) { ["email"] = email, ["password"] = password };

    private static Dictionary<string, string> Attributes(string tag)
    {
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (Match attribute in Attribute().Matches(tag))
        {
            var value =
                attribute.Groups["double"].Success ? attribute.Groups["double"].Value
                : attribute.Groups["single"].Success ? attribute.Groups["single"].Value
                : attribute.Groups["bare"].Value;
            found.TryAdd(attribute.Groups["name"].Value, WebUtility.HtmlDecode(value));
        }
        return found;
    }

    [GeneratedRegex("(?<tag><form\\b[^>]*>)(?<body>.*?)</form>", RegexOptions.IgnoreCase | RegexOptions.Singleline, 1000)]
    private static partial Regex Form();

    [GeneratedRegex("<input\\b[^>]*>", RegexOptions.IgnoreCase | RegexOptions.Singleline, 1000)]
    private static partial Regex Input();

    [GeneratedRegex(
        "(?<name>[a-z][a-z0-9_:-]*)\\s*=\\s*(?:\"(?<double>[^\"]*)\"|'(?<single>[^']*)'|(?<bare>[^\\s>]+))",
        RegexOptions.IgnoreCase,
        1000
    )]
    private static partial Regex Attribute();
}
