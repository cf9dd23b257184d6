using System.Net;
using WpAsis.Contracts.DataSubjectRequest;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Subjects;

namespace WpAsis.DataSubjectRequest.Tests.Requests;

public sealed class ErasureTests(DataSubjectRequestApplication app)
{
    private static readonly string[] Services = ["identity", "messaging-gateway", "ai-responder", "billing"];

    [Fact]
    public async Task An_erasure_is_complete_when_every_service_has_signed_and_the_person_is_gone()
    {
        var person = new Person(app);
        var id = await person.AskAsync("""{"kind":"Erasure"}""");
        var command = await app.Bus.NextAsync<ErasureRequested>(said => said.RequestId == id);
        command.SubjectId.ShouldBe(person.Subject);

        foreach (var service in Services[..3])
            await ReportAsync(command, service, app.Neighbours.Sign(service, id));
        await SignedAsync(person, id, 3);
        (await person.StateAsync(id)).ShouldBe("Executing");

        // The billing that is missing is asked again; the marker is the command itself.
        await app.AdvanceAsync(TimeSpan.FromMinutes(2));
        await app.Bus.NextAsync<ErasureRequested>(said => said.RequestId == id, 2);
        (await person.StateAsync(id)).ShouldBe("Executing");

        app.Neighbours.People.TryRemove(person.Subject, out _);
        await ReportAsync(command, "billing", app.Neighbours.Sign("billing", id));
        await Eventually.TrueAsync(async () => await person.StateAsync(id) == "Completed", "the erasure is complete");
    }

    [Fact]
    public async Task Everybody_signed_but_somebody_is_still_there_is_not_done()
    {
        var person = new Person(app);
        var id = await person.AskAsync("""{"kind":"Erasure"}""");
        var command = await app.Bus.NextAsync<ErasureRequested>(said => said.RequestId == id);
        foreach (var service in Services)
            await ReportAsync(command, service, app.Neighbours.Sign(service, id));

        await app.Bus.NextAsync<ErasureRequested>(said => said.RequestId == id, 2);

        (await person.StateAsync(id)).ShouldBe("Executing");
    }

    [Theory]
    [InlineData("another service's key")]
    [InlineData("another request")]
    [InlineData("another act")]
    [InlineData("a changed word")]
    [InlineData("no receipt at all")]
    public async Task A_forged_receipt_counts_for_nothing(string forgery)
    {
        var person = new Person(app);
        var id = await person.AskAsync("""{"kind":"Erasure"}""");
        var command = await app.Bus.NextAsync<ErasureRequested>(said => said.RequestId == id);
        var genuine = app.Neighbours.Sign("identity", id);

        await ReportAsync(
            command,
            "identity",
            forgery switch
            {
                "another service's key" => app.Neighbours.Sign("identity", id, signedBy: "billing"),
                "another request" => app.Neighbours.Sign("identity", TypedId.New<SubjectRequestId>(app.Clock)),
                "another act" => app.Neighbours.Sign("identity", id, ReceiptAct.Rectified),
                "a changed word" => string.Join('.', genuine.Split('.')[0], genuine.Split('.')[1] + "AA", genuine.Split('.')[2]),
                _ => "forged",
            }
        );
        // The marker behind it: another service's genuine receipt is taken.
        await ReportAsync(command, "billing", app.Neighbours.Sign("billing", id));

        await SignedAsync(person, id, 1);
        var request = await person.GetAsync(id);
        request
            .GetProperty("services")
            .EnumerateArray()
            .Single(service => service.TryGetProperty("doneAt", out _))
            .GetProperty("service")
            .GetString()
            .ShouldBe("billing");
    }

    [Fact]
    public async Task The_last_owner_is_told_to_hand_over_first_or_closes_the_business_with_the_account()
    {
        var person = new Person(app, isLastOwner: true);

        using var refused = await person.PostAsync("/requests", """{"kind":"Erasure"}""");
        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("last-owner");

        var id = await person.AskAsync("""{"kind":"Erasure","closeBusinesses":true}""");
        (await app.Bus.NextAsync<ErasureRequested>(said => said.RequestId == id)).CloseBusinesses.ShouldBe(true);
    }

    [Fact]
    public async Task A_second_request_of_the_kind_and_somebody_elses_request_are_refused()
    {
        var person = new Person(app);
        var stranger = new Person(app);
        var id = await person.AskAsync("""{"kind":"Erasure"}""");

        using var second = await person.PostAsync("/requests", """{"kind":"Erasure"}""");
        second.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        using var foreign = await stranger.SendAsync(HttpMethod.Get, $"/requests/{id}");
        foreign.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var cancel = await stranger.SendAsync(HttpMethod.Post, $"/requests/{id}/cancel");
        cancel.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        using var download = await stranger.SendAsync(HttpMethod.Get, $"/requests/{id}/download");
        download.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_correction_is_applied_where_the_name_lives_and_signed_for_by_all()
    {
        var person = new Person(app);
        var id = await person.AskAsync("""{"kind":"Rectification","name":"Deniz Yılmaz"}""");
        var command = await app.Bus.NextAsync<RectificationRequested>(said => said.RequestId == id);
        command.Version.ShouldBe(2);
        app.Neighbours.Rectified.ShouldContain(body => body.Contains(person.Subject.ToString(), StringComparison.Ordinal));

        foreach (var service in Services)
        {
            await app.Bus.PublishAsync(
                new SubjectRectified
                {
                    RequestId = id,
                    SubjectId = person.Subject,
                    Service = service,
                    Receipt = app.Neighbours.Sign(service, id, ReceiptAct.Rectified),
                    At = app.Clock.GetUtcNow(),
                }
            );
        }

        await Eventually.TrueAsync(async () => await person.StateAsync(id) == "Completed", "the correction is complete");
    }

    private Task ReportAsync(ErasureRequested command, string service, string receipt) =>
        app.Bus.PublishAsync(
            new SubjectErased
            {
                TenantId = command.TenantId,
                RequestId = command.RequestId,
                SubjectId = command.SubjectId,
                Service = service,
                Receipt = receipt,
                At = app.Clock.GetUtcNow(),
            }
        );

    private static Task SignedAsync(Person person, SubjectRequestId id, int count) =>
        Eventually.TrueAsync(
            async () =>
                (await person.GetAsync(id))
                    .GetProperty("services")
                    .EnumerateArray()
                    .Count(service => service.TryGetProperty("doneAt", out _)) == count,
            $"{count} have signed"
        );
}
