using System.Net;
using System.Net.Http.Json;
using WpAsis.Contracts.DataSubjectRequest;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Subjects;
using WpAsis.ServiceDefaults.DataSubjects;
using WpAsis.ServiceDefaults.Http;

namespace WpAsis.Billing.Tests.DataSubjects;

/// <summary>Billing counts answers and names nobody: it says so to whoever asks for a person, and signs it.</summary>
public sealed class DataSubjectsTests(BillingApplication app)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_export_says_that_there_is_nothing_and_only_data_subject_request_may_ask()
    {
        var customer = await Customer.RegisterAsync(app);
        var usage = await customer.ReservedAsync();
        await customer.AcceptAsync(usage);
        await customer.UntilCountsAsync(used: 1, reserved: 0);

        (await ExportAsync(app.Service("data-subject-request"), customer)).ShouldBe((HttpStatusCode.OK, "{\"rows\":0}\n"));
        (await ExportAsync(app.Service("ai-responder"), customer)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await ExportAsync(app.Member(customer.Id), customer)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await ExportAsync(token: null, customer)).Status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Who_asks_twice_gets_the_same_receipt_until_thirty_days_have_passed()
    {
        var customer = await Customer.RegisterAsync(app);
        var erasure = new ErasureRequested
        {
            TenantId = customer.Id,
            RequestId = TypedId.New<SubjectRequestId>(app.Clock),
            SubjectId = DataSubjectId.New(),
            Kind = SubjectKind.Contact,
            At = app.Clock.GetUtcNow(),
        };
        var correction = new RectificationRequested
        {
            RequestId = TypedId.New<SubjectRequestId>(app.Clock),
            SubjectId = DataSubjectId.New(),
            Kind = SubjectKind.Account,
            Version = 7,
            At = app.Clock.GetUtcNow(),
        };

        foreach (var _ in (int[])[1, 2])
        {
            await app.Bus.PublishAsync(erasure);
            await app.Bus.PublishAsync(correction);
        }
        var erased = await app.Bus.NextAsync<SubjectErased>(answer => answer.RequestId == erasure.RequestId, 2);
        var rectified = await app.Bus.NextAsync<SubjectRectified>(answer => answer.RequestId == correction.RequestId, 2);

        erased.ShouldAllBe(answer => answer.Receipt == erased[0].Receipt && answer.Service == "billing");
        rectified.ShouldAllBe(answer => answer.Receipt == rectified[0].Receipt && answer.Service == "billing");
        var key = await ReceiptKeyAsync();
        key.Verify(erased[0].Receipt).ShouldNotBeNull().Act.ShouldBe(ReceiptAct.Erased);
        key.Verify(rectified[0].Receipt).ShouldNotBeNull().Version.ShouldBe(7);

        SubjectRequestId[] requests = [erasure.RequestId, correction.RequestId];
        await app.AdvanceAsync(TimeSpan.FromDays(29));
        (await ReceiptsAsync(requests)).ShouldBe(2);
        await app.AdvanceAsync(TimeSpan.FromDays(2));
        (await ReceiptsAsync(requests)).ShouldBe(0);
    }

    private async Task<(HttpStatusCode Status, string Text)> ExportAsync(string? token, Customer customer)
    {
        using var client = app.CreateClient(token);
        var query = new SubjectQuery(DataSubjectId.New(), SubjectKind.Contact, customer.Id);
        using var response = await client.PostAsJsonAsync("/internal/subjects/export", query, Json.Options, Stop);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Stop));
    }

    private async Task<ReceiptKey> ReceiptKeyAsync()
    {
        using var client = app.CreateClient(app.Service("data-subject-request"));
        return (await client.GetFromJsonAsync<ReceiptKey>("/internal/subjects/receipt-key", Json.Options, Stop))!;
    }

    private Task<long> ReceiptsAsync(SubjectRequestId[] requests) =>
        app.ScalarAsync<long>(
            "select count(*) from subject_receipt where request_id = any ($1)",
            requests.Select(request => request.Value).ToArray()
        );
}
