using System.Net;
using System.Text.RegularExpressions;

namespace WpAsis.Console.Tests.Pages;

/// <summary>What holds for all pages, whoever looks and whatever is away.</summary>
public sealed partial class EveryPageTests
{
    private static readonly string[] Paths =
    [
        "/",
        "/conversations",
        "/conversations?show=needs-person",
        $"/conversations/{Samples.Thread}",
        "/assistant",
        "/numbers",
        "/plan",
        "/my-data",
        "/my-data?erase=true",
    ];

    [Theory]
    [InlineData("owner", "en")]
    [InlineData("owner", "tr")]
    [InlineData("agent", "tr")]
    [InlineData("billing", "en")]
    [InlineData("viewer", "tr")]
    public async Task Every_role_reads_every_page_in_its_language(string role, string language)
    {
        await using var app = new ConsoleApplication();
        app.Apis.Business();
        app.Apis.Conversation();
        using var browser = app.Open(role, language);

        foreach (var path in Paths)
        {
            var page = await browser.OpenAsync(path);

            page.Status.ShouldBe(HttpStatusCode.OK, path);
            page.Html.ShouldContain($"<html lang=\"{language}\">");
            page.Html.ShouldNotContain("notice bad");
            // The name of a text that nobody wrote would stand there instead of it.
            TextName().Matches(page.Text).Select(match => match.Value).ShouldBeEmpty(path);
        }
    }

    [Fact]
    public async Task Nobody_reads_a_page_without_signing_in()
    {
        await using var app = new ConsoleApplication();
        using var browser = app.Open(role: null);

        foreach (var path in Paths)
        {
            var page = await browser.OpenAsync(path);
            page.Status.ShouldBe(HttpStatusCode.Redirect, path);
            page.Location!.PathAndQuery.ShouldStartWith("/welcome?returnUrl=");
        }
        app.Apis.Calls.ShouldBeEmpty();
        (await browser.OpenAsync("/welcome")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("messaging-gateway")]
    [InlineData("ai-responder")]
    [InlineData("billing")]
    [InlineData("data-subject-request")]
    public async Task A_service_that_is_away_is_said_so_in_a_sentence_on_a_page_that_stands(string service)
    {
        await using var app = new ConsoleApplication();
        app.Apis.Business();
        app.Apis.Conversation();
        app.Apis.TakeAway(service);
        using var browser = app.Open(language: "tr");
        var told = 0;

        foreach (var path in Paths)
        {
            var page = await browser.OpenAsync(path);

            page.Status.ShouldBe(HttpStatusCode.OK, path);
            page.Text.ShouldNotContain("Exception");
            told += page.Text.Contains("ulaşılamıyor", StringComparison.Ordinal) ? 1 : 0;
        }

        told.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task What_does_not_exist_is_a_page_with_a_way_on_and_not_a_document_for_machines()
    {
        await using var app = new ConsoleApplication();
        using var browser = app.Open(language: "tr");

        var nothing = await browser.OpenAsync("/nothing");
        var strange = await browser.OpenAsync($"/conversations/{Samples.Thread}");

        (nothing.Status, strange.Status).ShouldBe((HttpStatusCode.NotFound, HttpStatusCode.NotFound));
        nothing.Text.ShouldContain("Böyle bir sayfa yok");
        strange.Text.ShouldContain("başka bir işletmeye ait olabilir");
        strange.Html.ShouldContain("href=\"/\"");
    }

    [Fact]
    public async Task Pages_run_under_a_policy_that_allows_nothing_inline_and_need_nothing_inline()
    {
        await using var app = new ConsoleApplication();
        app.Apis.Business();
        app.Apis.Conversation("Human");
        using var browser = app.Open();

        foreach (var path in Paths)
        {
            var page = await browser.OpenAsync(path);

            page.Headers.ShouldContain("default-src 'none'");
            page.Headers.ShouldNotContain("unsafe");
            page.Html.ShouldNotMatch("<style|\\sstyle=|\\son[a-z]+=|javascript:");
            Regex
                .Matches(page.Html, "<script[^>]*>", RegexOptions.NonBacktracking)
                .ShouldAllBe(script => script.Value.Contains("src=\"/_content/"));
        }
    }

    [Fact]
    public async Task A_form_without_its_token_changes_nothing_and_says_that_it_has_expired()
    {
        await using var app = new ConsoleApplication();
        app.Apis.Business();
        app.Apis.Conversation();
        using var browser = app.Open();

        foreach (
            var form in (string[])
                [
                    $"/conversations/{Samples.Thread}?handler=TakeOver",
                    $"/conversations/{Samples.Thread}?handler=Open",
                    "/numbers?handler=Connect",
                    "/plan?handler=Pay",
                    "/my-data?handler=Erase",
                ]
        )
        {
            var refused = await browser.SendAsync(form);
            refused.Status.ShouldBe(HttpStatusCode.BadRequest, form);
            refused.Text.ShouldContain("This form has expired");
        }
        app.Apis.Calls.ShouldBeEmpty();
    }

    [GeneratedRegex(
        @"\b(?:Nav|Thread|Conversations|Author|Kind|Said|Status|Drop|Problem|Error|Overview|Assistant|Numbers|Plan|MyData|Pages)\.[\w.-]+",
        RegexOptions.NonBacktracking
    )]
    private static partial Regex TextName();
}
