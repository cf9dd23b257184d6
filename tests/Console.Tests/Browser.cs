using System.Net;
using System.Text.RegularExpressions;

namespace WpAsis.Console.Tests;

/// <summary>A page as it came.</summary>
internal sealed record Shown(HttpStatusCode Status, string Html, Uri? Location, string Headers)
{
    /// <summary>What a person reads: without the tags.</summary>
    public string Text => WebUtility.HtmlDecode(Regex.Replace(Html, "<[^>]*>", " ", RegexOptions.NonBacktracking));
}

/// <summary>A person's browser without scripts: opens pages, sends their forms.</summary>
internal sealed partial class Browser(HttpClient client) : IDisposable
{
    private string _token = "";

    public HttpClient Client => client;

    public async Task<Shown> OpenAsync(string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), Stop);
        return await ReadAsync(response);
    }

    /// <summary>Sends a form of the page that was opened last, with its hidden token.</summary>
    public async Task<Shown> SendAsync(string path, params (string Name, string Value)[] fields)
    {
        var pairs = fields.Select(field => KeyValuePair.Create(field.Name, field.Value)).Append(new("form_token", _token));
        using var form = new FormUrlEncodedContent(pairs);
        using var response = await client.PostAsync(new Uri(path, UriKind.Relative), form, Stop);
        return await ReadAsync(response);
    }

    /// <summary>Forgets the token of the last page, as a foreign site does not know it.</summary>
    public void Forget() => _token = "";

    public void Dispose() => client.Dispose();

    private async Task<Shown> ReadAsync(HttpResponseMessage response)
    {
        var html = await response.Content.ReadAsStringAsync(Stop);
        if (Token().Match(html) is { Success: true } token)
            _token = token.Groups["value"].Value;
        return new(response.StatusCode, html, response.Headers.Location, response.Headers.ToString());
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [GeneratedRegex("name=\"form_token\"[^>]*value=\"(?<value>[^\"]*)\"", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Token();
}
