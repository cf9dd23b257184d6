using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using WpAsis.Contracts.MessagingGateway;
using WpAsis.MessagingGateway.Tests.CloudApi;
using WpAsis.MessagingGateway.Tests.Replies;
using WpAsis.MessagingGateway.Threads;
using WpAsis.Privacy.Ids;
using WpAsis.TestServers.Tiers;

namespace WpAsis.MessagingGateway.Tests.Threads;

public sealed class TakeOverTests(SendFixture fixture) : IClassFixture<SendFixture>
{
    [Fact]
    public async Task Taking_over_silences_the_assistant_and_releasing_lets_it_speak()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var thread = await world.AddThreadAsync();
        using var agent = world.Host.SignedIn(world.Tenant, "agent");

        var taken = await PostAsync(agent, $"/threads/{thread.Id}/take-over");
        var again = await PostAsync(agent, $"/threads/{thread.Id}/take-over");
        var silenced = await world.QueueAsync(thread, "sus");
        await world.SendAsync();
        var released = await PostAsync(agent, $"/threads/{thread.Id}/release");
        var heard = await world.QueueAsync(thread, "konuş", 2);
        await world.SendAsync();

        taken.ToString().ShouldBe("""{"mode":"Human","version":2,"mayStillArrive":false}""");
        again.ToString().ShouldBe(taken.ToString());
        released.GetProperty("version").GetInt64().ShouldBe(3);
        (await world.OutcomeAsync(silenced)).ShouldBe("HumanInCharge");
        (await world.OutcomeAsync(heard)).ShouldBe("Accepted");
        var changes = (await world.PublishedAsync()).Where(message => message.Type == "MessagingGateway:ThreadChanged").ToList();
        changes.Select(change => change.Body.GetProperty("version").GetInt64()).ShouldBe([2, 3]);
        changes.Select(change => change.Body.GetProperty("mode").GetString()).ShouldBe(["Human", "Assistant"]);
    }

    [Fact]
    public async Task Who_may_only_look_can_not_take_over_and_nobody_can_elsewhere()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var thread = await world.AddThreadAsync();
        using var viewer = world.Host.SignedIn(world.Tenant, "viewer");
        using var stranger = world.Host.SignedIn(TypedId.New<TenantId>(TimeProvider.System));

        (await StatusAsync(viewer, $"/threads/{thread.Id}/take-over")).ShouldBe(HttpStatusCode.Forbidden);
        (await StatusAsync(stranger, $"/threads/{thread.Id}/take-over")).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(world.Host.Client, $"/threads/{thread.Id}/take-over")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_call_that_does_not_end_may_still_arrive()
    {
        await using var world = await SendWorld.CreateAsync(fixture, TimeSpan.FromMilliseconds(600));
        world.Graph.Decide = _ => StubAnswer.Accept with { HangsAfterAccepting = true };
        var thread = await world.AddThreadAsync();
        await world.QueueAsync(thread, "asılı");
        var sending = world.SendAsync();
        await UntilAsync(() => Task.FromResult(world.Graph.Taken.Count == 1));

        var changed = await ChangeAsync(world, thread);
        await sending;

        changed.MayStillArrive.ShouldBeTrue();
    }

    [Fact]
    public async Task A_take_over_answers_when_the_call_under_way_has_ended()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var (called, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        world.Graph.AfterTaking = async (_, _) =>
        {
            called.SetResult();
            await release.Task;
        };
        var thread = await world.AddThreadAsync();
        var reply = await world.QueueAsync(thread, "yolda");
        var sending = world.SendAsync();
        await called.Task;

        var taking = ChangeAsync(world, thread);
        await UntilAsync(async () =>
            (await world.ReadAsync($"select mode from thread where id = '{thread.Id.Value}'", row => row.GetString(0))).Contains(
                "Human",
                StringComparer.Ordinal
            )
        );
        taking.IsCompleted.ShouldBeFalse();
        release.SetResult();
        var changed = await taking;
        await sending;

        changed.MayStillArrive.ShouldBeFalse();
        (await world.OutcomeAsync(reply)).ShouldBe("Accepted");
    }

    [Fact]
    public async Task A_take_over_answers_when_a_read_mark_under_way_has_ended()
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var fence = world.Host.Services.GetRequiredService<CallFence>();
        var (called, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var thread = await world.AddThreadAsync();
        var marking = fence.CallAsync(
            thread.Id,
            () =>
            {
                called.SetResult();
                return release.Task;
            },
            TestContext.Current.CancellationToken
        );
        await called.Task;

        var taking = ChangeAsync(world, thread);
        await UntilAsync(async () =>
            (await world.ReadAsync($"select mode from thread where id = '{thread.Id.Value}'", row => row.GetString(0))).Contains(
                "Human",
                StringComparer.Ordinal
            )
        );
        taking.IsCompleted.ShouldBeFalse();
        release.SetResult();
        await marking;

        (await taking).MayStillArrive.ShouldBeFalse();
    }

    [Fact]
    public Task After_a_take_over_has_answered_nothing_is_sent_in_50_races() => RaceAsync(50);

    [LongFact("gateway")]
    public Task After_a_take_over_has_answered_nothing_is_sent_in_1000_races() => RaceAsync(1_000);

    private async Task RaceAsync(int races)
    {
        await using var world = await SendWorld.CreateAsync(fixture);
        var (sent, dropped) = (0, 0);
        for (var i = 0; i < races; i++)
        {
            world.Clock.Advance(TimeSpan.FromSeconds(1));
            var number = $"90556{i}";
            var thread = await world.AddThreadAsync(number);
            var reply = await world.QueueAsync(thread, "yarış");
            var called = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            world.Graph.AfterTaking = (_, _) =>
            {
                called.TrySetResult();
                return Task.CompletedTask;
            };
            var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var before = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            // By turns: both at once, the person as soon as Meta has the message, the person first.
            var (sender, person) = (i % 3) switch
            {
                0 => (start.Task, start.Task),
                1 => (start.Task, called.Task),
                _ => (before.Task, start.Task),
            };
            var sending = AfterAsync(sender, () => world.SendAsync());
            var taking = AfterAsync(person, () => ChangeAsync(world, thread));

            start.SetResult();
            var changed = await taking;
            before.SetResult();
            var atAnswer = world.Graph.Taken.Count(taken => taken.Call.To == number);
            await sending;
            await world.SendAsync();

            changed.MayStillArrive.ShouldBeFalse();
            world.Graph.Taken.Count(taken => taken.Call.To == number).ShouldBe(atAnswer);
            (await world.OutcomeAsync(reply)).ShouldBe(atAnswer == 1 ? "Accepted" : "HumanInCharge");
            (sent, dropped) = (sent + atAnswer, dropped + 1 - atAnswer);
            await world.RunAsync("truncate outbox");
        }
        // A race that always ends the same way is none.
        sent.ShouldBeGreaterThan(0);
        dropped.ShouldBeGreaterThan(0);
    }

    private static async Task<TResult> AfterAsync<TResult>(Task start, Func<Task<TResult>> work)
    {
        await start;
        return await work();
    }

    private static async Task AfterAsync(Task start, Func<Task> work)
    {
        await start;
        await work();
    }

    private static async Task<ThreadModeResponse> ChangeAsync(SendWorld world, TestThread thread)
    {
        await using var scope = world.Host.Services.CreateAsyncScope();
        var change = scope.ServiceProvider.GetRequiredService<ChangeMode>();
        return (await change.RunAsync(world.Tenant, thread.Id, ThreadMode.Human, TestContext.Current.CancellationToken))!;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await condition())
            await timer.WaitForNextTickAsync(limit.Token);
    }

    private static async Task<JsonElement> PostAsync(HttpClient client, string path)
    {
        using var response = await client.PostAsync(new Uri(path, UriKind.Relative), null, TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var response = await client.PostAsync(new Uri(path, UriKind.Relative), null, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
