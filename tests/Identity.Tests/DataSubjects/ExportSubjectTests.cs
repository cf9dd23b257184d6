using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using WpAsis.Contracts.DataSubjectRequest;
using WpAsis.Privacy.Ids;
using WpAsis.ServiceDefaults.DataSubjects;
using WpAsis.ServiceDefaults.Http;

namespace WpAsis.Identity.Tests.DataSubjects;

public sealed class ExportSubjectTests(IdentityApplication application)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_account_gets_what_it_registered_and_where_it_signed_in_but_no_secret_and_nobody_else()
    {
        var (email, stranger) = (await application.CreateAccountAsync(), await application.CreateAccountAsync());
        using var browser = application.CreateBrowser();
        (await browser.SignInAsync(email)).Dispose();

        var (status, text) = await ExportAsync("data-subject-request", await SubjectAsync(email));

        status.ShouldBe(HttpStatusCode.OK);
        text.ShouldContain(email);
        text.ShouldContain("Ayşe Yılmaz");
        foreach (var table in (string[])["account", "membership", "session"])
            text.ShouldContain($"\"table\":\"{table}\"");
        text.ShouldNotContain(stranger);
        text.ShouldNotContain("argon2");
        text.ShouldNotContain("Index\"");
        text.TrimEnd('\n').Split('\n')[^1].ShouldBe($$"""{"rows":{{text.TrimEnd('\n').Count(letter => letter == '\n')}}}""");
    }

    [Fact]
    public async Task Of_nobody_there_is_nothing_and_only_data_subject_request_may_ask()
    {
        var email = await application.CreateAccountAsync();

        (await ExportAsync("data-subject-request", DataSubjectId.New())).ShouldBe((HttpStatusCode.OK, "{\"rows\":0}\n"));
        (await ExportAsync("billing", await SubjectAsync(email))).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    private async Task<DataSubjectId> SubjectAsync(string email)
    {
        var index = application.EmailIndex(email);
        return await application.InDatabaseAsync(db =>
            db.Accounts.Where(row => row.EmailIndex == index).Select(row => row.SubjectId).SingleAsync(Stop)
        );
    }

    private async Task<(HttpStatusCode Status, string Text)> ExportAsync(string asker, DataSubjectId subject)
    {
        using var client = application.CreateBrowser();
        var (_, token) = await client.ProgramTokenAsync(asker, "identity", IdentityApplication.ServiceSecret);
        client.DefaultRequestHeaders.Authorization = new("Bearer", token.Text("access_token"));
        var query = new SubjectQuery(subject, SubjectKind.Account);
        using var response = await client.PostAsJsonAsync("/internal/subjects/export", query, Json.Options, Stop);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Stop));
    }
}
