using System.Net;

namespace WpAsis.Console.Tests.Pages;

public sealed class MyDataTests
{
    [Fact]
    public async Task A_copy_is_asked_for_shown_under_way_and_downloaded()
    {
        await using var app = new ConsoleApplication();
        app.Apis.Business();
        app.Apis.Say("POST data-subject-request/requests", new { requestId = "dsr_3", kind = "Access" }, HttpStatusCode.Created);
        app.Apis.Say("GET data-subject-request/requests/dsr_2/download", new { zip = "bytes" });
        using var browser = app.Open();
        var before = await browser.OpenAsync("/my-data");

        var asked = await browser.SendAsync("/my-data?handler=Copy");
        var waiting = await browser.OpenAsync(asked.Location!.OriginalString);
        var archive = await browser.OpenAsync("/my-data?handler=Archive&id=dsr_2");

        before.Headers.ShouldNotContain("Refresh");
        waiting.Headers.ShouldContain("Refresh: 3");
        before.Text.ShouldContain("5 downloads left");
        asked.Location.OriginalString.ShouldBe("/my-data?done=Access");
        app.Apis.Calls.First(call => call.Method == "POST").Body.ShouldBe("""{"kind":"Access"}""");
        (archive.Status, archive.Html).ShouldBe((HttpStatusCode.OK, """{"zip":"bytes"}"""));
        archive.Headers.ShouldContain("no-store");
    }

    [Fact]
    public async Task Who_signed_in_long_ago_signs_in_again_before_a_download()
    {
        await using var app = new ConsoleApplication();
        app.Apis.Business();
        app.Apis.Refuse("GET data-subject-request/requests/dsr_2/download", HttpStatusCode.Forbidden, "sign-in-again");
        using var browser = app.Open();

        var page = await browser.OpenAsync("/my-data?handler=Archive&id=dsr_2");

        page.Location!.OriginalString.ShouldBe("/sign-in?again=true&returnUrl=/my-data");
    }

    [Fact]
    public async Task A_deletion_is_asked_about_first_and_the_last_owner_decides_about_the_business()
    {
        await using var app = new ConsoleApplication();
        app.Apis.Business();
        app.Apis.Refuse("POST data-subject-request/requests", HttpStatusCode.Conflict, "last-owner");
        using var browser = app.Open(language: "tr");

        (await browser.OpenAsync("/my-data")).Html.ShouldNotContain("handler=Erase");
        var question = await browser.OpenAsync("/my-data?erase=true");
        var refused = await browser.SendAsync("/my-data?handler=Erase");

        question.Text.ShouldContain("Bu geri alınamaz.");
        refused.Text.ShouldContain("Bir işletmenin son sahibisiniz.");
        refused.Html.ShouldContain("name=\"closeBusinesses\"");
    }

    [Fact]
    public async Task A_request_of_the_same_kind_that_is_under_way_is_named_in_a_sentence()
    {
        await using var app = new ConsoleApplication();
        app.Apis.Business();
        app.Apis.Refuse("POST data-subject-request/requests", HttpStatusCode.Conflict, "request-open");
        using var browser = app.Open();
        await browser.OpenAsync("/my-data");

        (await browser.SendAsync("/my-data?handler=Copy")).Text.ShouldContain("You have already asked for this");
    }
}
