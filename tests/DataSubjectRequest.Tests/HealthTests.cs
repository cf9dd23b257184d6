using System.Net;

namespace WpAsis.DataSubjectRequest.Tests;

public sealed class HealthTests(DataSubjectRequestApplication app)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_healthy_when_its_database_and_its_bus_are_there()
    {
        using var client = app.CreateClient();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));

        while (await client.GetStringAsync(new Uri("/alive", UriKind.Relative), limit.Token) != "Healthy" || !await IsHealthyAsync(client))
            await ticks.WaitForNextTickAsync(limit.Token);
    }

    [Fact]
    public async Task Whoever_has_no_token_gets_nothing()
    {
        using var client = app.CreateClient();

        using var response = await client.GetAsync(new Uri("/requests", UriKind.Relative), Stop);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await response.Content.ReadAsStringAsync(Stop)).ShouldNotContain("Exception");
    }

    private static async Task<bool> IsHealthyAsync(HttpClient client)
    {
        using var response = await client.GetAsync(new Uri("/health", UriKind.Relative), Stop);
        return response.StatusCode is HttpStatusCode.OK;
    }
}
