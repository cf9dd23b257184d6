using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using WpAsis.ServiceDefaults.Http;

namespace WpAsis.ServiceDefaults.Tests.Http;

public sealed class ProblemTests
{
    [Fact]
    public async Task An_exception_becomes_a_problem_that_tells_nothing_of_our_insides()
    {
        await using var host = await Host.StartAsync(app =>
            app.MapGet("/broken", string () => throw new InvalidOperationException("secret-canary")).AllowAnonymous()
        );

        var response = await host.GetAsync("/broken");
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        text.ShouldNotContain("secret-canary");
        JsonNode.Parse(text)!["traceId"].ShouldNotBeNull();
    }

    [Fact]
    public async Task A_problem_has_a_stable_type()
    {
        await using var host = await Host.StartAsync(app =>
            app.MapGet("/last", () => Problems.Of(StatusCodes.Status409Conflict, "last-owner", "The last owner can't leave."))
                .AllowAnonymous()
        );

        var problem = await (await host.GetAsync("/last")).Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken);

        problem!["type"]!.GetValue<string>().ShouldBe("https://wpasis.com/problems/last-owner");
    }

    [Fact]
    public async Task A_member_nobody_knows_is_refused_and_not_ignored()
    {
        await using var host = await Host.StartAsync(app => app.MapPost("/names", (Named body) => body.Name).AllowAnonymous());

        var known = await host.Client.PostAsJsonAsync("/names", new { name = "a" }, TestContext.Current.CancellationToken);
        var unknown = await host.Client.PostAsJsonAsync(
            "/names",
            new { name = "a", role = "owner" },
            TestContext.Current.CancellationToken
        );
        var missing = await host.Client.PostAsJsonAsync("/names", new { }, TestContext.Current.CancellationToken);

        known.StatusCode.ShouldBe(HttpStatusCode.OK);
        unknown.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        missing.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        missing.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task An_address_that_does_not_exist_answers_with_a_problem_too()
    {
        await using var host = await Host.StartAsync(_ => { });

        var response = await host.GetAsync("/nowhere", Host.Token());

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    private sealed record Named(string Name);
}
