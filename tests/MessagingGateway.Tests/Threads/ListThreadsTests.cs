using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using WpAsis.Contracts.AiResponder;
using WpAsis.MessagingGateway.Tests.Replies;
using WpAsis.Privacy.Ids;

namespace WpAsis.MessagingGateway.Tests.Threads;

public sealed class ListThreadsTests(SendFixture fixture) : IClassFixture<SendFixture>
{
    [Fact]
    public async Task Threads_come_page_by_page_newest_first_with_their_contacts_names()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var threads = new List<string>();
        for (var i = 0; i < 7; i++)
        {
            // Some share their moment, and the id decides; some their minute; some neither.
            world.Clock.Advance(TimeSpan.FromSeconds(i % 3 * 31));
            threads.Add((await world.AddThreadAsync("9055570" + i)).Id.ToString());
        }
        using var member = world.Host.SignedIn(world.Tenant, "viewer");

        var listed = await AllAsync(member, "/threads?limit=3");

        listed.Select(thread => thread.GetProperty("id").GetString()).ShouldBe(threads, ignoreOrder: true);
        listed.Select(thread => thread.GetProperty("lastMessageAt").GetDateTimeOffset()).ShouldBeInOrder(SortDirection.Descending);
        listed.ShouldAllBe(thread => thread.GetProperty("contactName").GetString() == "Ayşe Yılmaz");
        var one = await member.GetFromJsonAsync<JsonElement>($"/threads/{threads[0]}", TestContext.Current.CancellationToken);
        one.GetProperty("mode").GetString().ShouldBe("Assistant");
        one.GetProperty("version").GetInt64().ShouldBe(1);
        one.GetProperty("channelId").GetString().ShouldBe(world.Channel.ToString());
    }

    [Fact]
    public async Task Threads_that_wait_for_a_person_are_with_one_or_can_be_answered_are_found()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var (waits, taken, closed, answered) = (
            await world.AddThreadAsync("905558000001"),
            await world.AddThreadAsync("905558000002"),
            await world.AddThreadAsync("905558000003"),
            await world.AddThreadAsync("905558000004")
        );
        foreach (var thread in (TestThread[])[waits, taken, closed, answered])
            await world.QueueAsync(thread, "bir arkadaşım yazacak", bend: reply => reply with { Outcome = ReplyOutcome.HandOver });
        await world.SendAsync();
        // A hand-over gives the thread to a person; one was given back, and the assistant knew the answer after all.
        await world.RunAsync($"update thread set mode = 'Assistant' where id = '{answered.Id.Value}'");
        world.Clock.Advance(TimeSpan.FromSeconds(20));
        await world.QueueAsync(answered, "ben de biliyorum", 2);
        await world.SendAsync();
        await world.RunAsync($"update thread set window_closes_at = '2026-11-24T12:00:00Z' where id = '{closed.Id.Value}'");
        using var member = world.Host.SignedIn(world.Tenant, "viewer");

        (await IdsAsync(member, "/threads?needsPerson=true")).ShouldBe([waits.Id.ToString(), taken.Id.ToString()], ignoreOrder: true);
        await AnswerAsync(world, taken);
        (await IdsAsync(member, "/threads?needsPerson=true")).ShouldBe([waits.Id.ToString()]);
        (await IdsAsync(member, "/threads?mode=Human")).ShouldBe(
            [waits.Id.ToString(), taken.Id.ToString(), closed.Id.ToString()],
            ignoreOrder: true
        );
        (await IdsAsync(member, "/threads?open=true&limit=2")).ShouldBe(
            [waits.Id.ToString(), taken.Id.ToString(), answered.Id.ToString()],
            ignoreOrder: true
        );
        var one = await member.GetFromJsonAsync<JsonElement>($"/threads/{waits.Id}", Stop);
        one.GetProperty("needsPerson").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Another_customer_sees_nothing_of_it()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var thread = await world.AddThreadAsync();
        await world.QueueAsync(thread, "x");
        await world.SendAsync();
        using var stranger = world.Host.SignedIn(TypedId.New<TenantId>(TimeProvider.System));

        (await AllAsync(stranger, "/threads")).ShouldBeEmpty();
        (await AllAsync(stranger, "/messages")).ShouldBeEmpty();
        (await AllAsync(stranger, "/channels")).ShouldBeEmpty();
        using var response = await stranger.GetAsync(new Uri($"/threads/{thread.Id}", UriKind.Relative), Stop);
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_log_says_when_and_how_far_and_never_what()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var thread = await world.AddThreadAsync();
        for (var i = 0; i < 5; i++)
        {
            world.Clock.Advance(TimeSpan.FromSeconds(10));
            await world.QueueAsync(thread, "gizli söz", i);
            await world.SendAsync();
        }
        using var member = world.Host.SignedIn(world.Tenant);

        var messages = await AllAsync(member, $"/messages?threadId={thread.Id}&limit=2");

        messages.Count.ShouldBe(5);
        messages.ShouldAllBe(message => message.GetProperty("direction").GetString() == "outbound");
        messages.ShouldAllBe(message => message.GetProperty("status").GetString() == "Accepted");
        messages.ShouldAllBe(message => !message.ToString().Contains("gizli", StringComparison.Ordinal));
        messages.Select(message => message.GetProperty("receivedAt").GetDateTimeOffset()).ShouldBeInOrder(SortDirection.Descending);
        (await AllAsync(member, "/messages")).Count.ShouldBe(5);
    }

    [Theory]
    [InlineData("/threads?limit=0")]
    [InlineData("/threads?limit=101")]
    [InlineData("/threads?after=nonsense")]
    [InlineData("/messages?limit=101")]
    [InlineData("/messages?threadId=thr_1")]
    [InlineData("/channels?limit=101")]
    public async Task A_page_that_cannot_be_is_refused(string path)
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        using var member = world.Host.SignedIn(world.Tenant);

        using var response = await member.GetAsync(new Uri(path, UriKind.Relative), Stop);

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static async Task AnswerAsync(SendWorld world, TestThread thread)
    {
        using var agent = world.Host.SignedIn(world.Tenant, "agent");
        var answer = new { text = "ben buradayım", idempotencyKey = TypedId.RandomGuid() };
        using var response = await agent.PostAsJsonAsync($"/threads/{thread.Id}/messages", answer, Stop);
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    private static async Task<IEnumerable<string?>> IdsAsync(HttpClient client, string path) =>
        (await AllAsync(client, path)).Select(thread => thread.GetProperty("id").GetString());

    private static async Task<List<JsonElement>> AllAsync(HttpClient client, string path)
    {
        var items = new List<JsonElement>();
        var after = (string?)null;
        do
        {
            var query = after is null ? path : path + (path.Contains('?', StringComparison.Ordinal) ? "&" : "?") + "after=" + after;
            var page = await client.GetFromJsonAsync<JsonElement>(query, Stop);
            items.AddRange(page.GetProperty("items").EnumerateArray());
            after = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        } while (after is not null);
        return items;
    }
}
