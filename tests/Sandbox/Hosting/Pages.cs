using System.Collections.Frozen;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace WpAsis.Sandbox.Hosting;

/// <summary>
/// Pages are plain files with <c>{{key}}</c> for each text; the texts lie in one file per language beside them.
/// The language is the reader's: <c>?lang=</c>, else a cookie that the switch sets, else Accept-Language.
/// </summary>
internal sealed partial class Pages(IWebHostEnvironment environment)
{
    private readonly FrozenDictionary<string, FrozenDictionary<string, string>> _texts = new[] { "tr", "en" }.ToFrozenDictionary(
        language => language,
        language => ReadTexts(environment, language)
    );

    /// <param name="context">Whose page it is: the language is the reader's.</param>
    /// <param name="page">File below <c>pages</c>.</param>
    /// <param name="values">What is not the same for everybody.</param>
    public IResult Render(HttpContext context, string page, IReadOnlyDictionary<string, string>? values = null)
    {
        var language = Language(context.Request);
        var texts = _texts[language];
        var html = File.ReadAllText(Path.Combine(environment.WebRootPath, "pages", page + ".html"));
        html = Key()
            .Replace(
                html,
                match =>
                    match.Groups["key"].Value switch
                    {
                        "lang" => language,
                        "other-lang" => language == "tr" ? "en" : "tr",
                        var key => HtmlEncoder.Default.Encode(values?.GetValueOrDefault(key) ?? texts.GetValueOrDefault(key, key)),
                    }
            );
        return Results.Content(html, "text/html; charset=utf-8");
    }

    private static string Language(HttpRequest request)
    {
        if (request.Query["lang"].ToString() is ("tr" or "en") and var asked)
            return asked;
        if (request.Cookies["sandbox-lang"] is ("tr" or "en") and var chosen)
            return chosen;
        var wanted = request
            .GetTypedHeaders()
            .AcceptLanguage.OrderByDescending(entry => entry.Quality ?? 1)
            .Select(entry => entry.Value.Value ?? "");
        return
            wanted.FirstOrDefault(tag => tag.StartsWith("tr", StringComparison.Ordinal) || tag.StartsWith("en", StringComparison.Ordinal))
                is { } best
            ? best[..2]
            : "en";
    }

    private static FrozenDictionary<string, string> ReadTexts(IWebHostEnvironment environment, string language)
    {
        var bytes = File.ReadAllBytes(Path.Combine(environment.WebRootPath, $"texts.{language}.json"));
        return (JsonSerializer.Deserialize<Dictionary<string, string>>(bytes) ?? []).ToFrozenDictionary();
    }

    [GeneratedRegex(@"\{\{(?<key>[a-z0-9.-]+)\}\}", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Key();
}
